"""The table of statements names tests that exist, and covers every file of this suite that it should."""
import pathlib
import re
import tomllib

HERE = pathlib.Path(__file__).resolve().parent


def test_every_statement_has_tests_that_exist():
    missing = []
    for statement in tomllib.loads((HERE / 'statements.toml').read_text())['statement']:
        assert statement['tests'], statement['says']
        for name in statement['tests']:
            file, _, function = name.partition('::')
            source = (HERE / file).read_text() if (HERE / file).is_file() else None
            if source is None or (function and not re.search(rf'^def {function}\(', source, re.M)):
                missing.append(name)
    assert not missing
