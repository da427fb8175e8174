#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas and the validator of `inpex spec check` are held against one corpus, and the
schemas in the repository against those that the program prints.

A bad spec says in its head what to expect: `# expect: LINE:COLUMN: problem`, one for each error, and
`# schema: refuses`, `silent` (the schema cannot see it) or `unreadable` (it is no YAML at all).
Needs python3-yaml and python3-jsonschema. Without them the corpus is held against the program alone,
and the test counts as skipped (exit 77).
"""
import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("INPEX_SOURCE", pathlib.Path(__file__).parents[2]))
CORPUS = SOURCE / "tests" / "corpus"
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")


def inpex(*words):
    done = subprocess.run([os.environ["INPEX_BIN"], *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "INPEX_SPECS": str(SOURCE / "specs")})
    return done.returncode, done.stdout, done.stderr


def loader():
    """PyYAML with the scalars of JSON, which is what editors see."""
    import yaml

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}

    Loader.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER, list("-0123456789"))
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))
    Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("$"), [""])

    def number(reader, node):
        text = reader.construct_scalar(node)
        return int(text) if re.match(r"-?[0-9]+$", text) else float(text)

    Loader.add_constructor("tag:yaml.org,2002:float", number)
    return lambda text: yaml.load(text, Loader)


def schema_says(text, schema, load):
    """'refuses', 'silent', or 'unreadable'."""
    import jsonschema
    import yaml

    try:
        document = load(text)
        json.dumps(document)
    except (yaml.YAMLError, TypeError, ValueError):
        return "unreadable"
    return "silent" if jsonschema.Draft202012Validator(schema).is_valid(document) else "refuses"


def main():
    wrong = []
    schemas = {}
    for name, flags in (("spec", []), ("suite", ["--suite"])):
        path = SOURCE / "specs" / "schema" / f"{name}.schema.json"
        schemas[name] = json.loads(path.read_text())
        if inpex("spec", "schema", *flags)[1] != path.read_text():
            wrong.append(f"{path.name} is old: inpex spec schema {' '.join(flags)} > {path}")
    try:
        import jsonschema  # noqa: F401
        load = loader()
    except ImportError:
        print("python3-jsonschema or python3-yaml is missing: the corpus is not held against the schemas.\n"
              "`scripts/setup` installs both on a Debian family; else: pip install jsonschema pyyaml")
        load = None
    good = [*(CORPUS / "good").glob("*.yaml"), *(SOURCE / "specs").glob("*/*.yaml")]
    for path in good:
        kind = "suite" if "inpex_suite" in path.read_text() else "spec"
        if "machines" in path.parts or "contracts" in path.parts:  # neither specs nor suites
            continue
        if (code := inpex("spec", "check", path)[0]) != 0:
            wrong.append(f"{path} should hold, but check exits {code}")
        if load and schema_says(path.read_text(), schemas[kind], load) != "silent":
            wrong.append(f"{path} should hold, but the schema refuses it")
    bad = sorted((CORPUS / "bad").glob("*.yaml"))
    for path in bad:
        text = path.read_text()
        code, _, stderr = inpex("spec", "check", path)
        if code != 2:
            wrong.append(f"{path.name}: check exits {code}, not 2")
        found = [line[len(str(path)):].lstrip(":").strip() for line in stderr.splitlines()
                 if line.startswith(str(path))]
        wanted = re.findall(r"^# expect: (.*)$", text, re.M)
        if found != wanted:
            wrong.append(f"{path.name}: expected {wanted}, found {found}")
        stated = re.search(r"^# schema: (\w+)$", text, re.M)[1]
        kind = "suite" if "inpex_suite" in text else "spec"
        if load and (said := schema_says(text, schemas[kind], load)) != stated:
            wrong.append(f"{path.name}: the schema should be '{stated}', but is '{said}'")
    print("\n".join(wrong) or f"{len(good)} good and {len(bad)} bad files: as they should be")
    if wrong or not bad:
        return 1
    return 0 if load else 77


if __name__ == "__main__":
    sys.exit(main())
