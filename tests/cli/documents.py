#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every document (*.md) against the program.

- Each ```sh block is executed, in order, in a scratch copy of the source whose build/ is the one
  under test. What a block exports and the folder that it changes to hold for the blocks after it.
- A ```text block shows the output of the ```sh block before it: its words must be in that output.
  Figures, units, hashes and names of ceilings are not compared, but the digests of specs are; lines
  of `...` stand for what is left out.
- Text between `<!-- generated: COMMAND -->` and `<!-- end -->` is what the command prints, exactly;
  `table HEADER TYPE: TITLE, ...` is the list of that type in a header of the source.
- Relative links and their anchors lead somewhere.
- docs/commands.md names every subcommand, option and exit code of `inpex --help`, and no other.

Never run, but looked up: git clone, make TARGET, and cmake, ctest with --preset NAME. Otherwise a
comment on the line before a block says what is special, always with a reason where it is not run:
  <!-- test: exit 4 -->                   the block, one command, ends with that code
  <!-- test: skip, REASON -->
  <!-- test: instead COMMAND; REASON -->  only the first line of its text block is compared
  <!-- test: compare WORD ... -->         of a text block: only these words are compared
Where MPIEXEC is empty, as in a build without MPI, commands that need ranks are left out, and said.

Usage: documents.py [--write] [DOCUMENT...]; --write brings generated text up to date.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("INPEX_SOURCE", pathlib.Path(__file__).parents[2])).resolve()
INPEX = pathlib.Path(os.environ.get("INPEX_BIN", SOURCE / "build/release/bin/inpex")).resolve()
BLOCK_SECONDS = 170
BUILT_WITH_MPI = os.environ.get("MPIEXEC") != ""  # CTest says what the build has
NEEDS_RANKS = ("mpirun ", "inpex mutate ")  # mutate plants some faults on two ranks
TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
UNIT = re.compile(r"([fpnumkMGTPE]|Ki|Mi|Gi)?(B|byte|cell|element|flop|s|Hz)?(/s)?$")
CEILINGS = {"copy", "stream_copy", "read", "update", "triad", "fma"}
GENERATED = re.compile(r"(<!-- generated: (.*?) -->\n)(.*?)(<!-- end -->)", re.S)


def documents():
    hidden = {"build", "results", "bundles", "node_modules"}
    return sorted(path for path in SOURCE.rglob("*.md")
                  if not any(part in hidden or part.startswith(".") for part in path.relative_to(SOURCE).parts))


def blocks(text):
    """(line, language, directive, body) of every fenced block."""
    lines, directive, found = text.split("\n"), "", []
    number = 0
    while number < len(lines):
        line = lines[number]
        if match := re.match(r"<!-- test: (.*) -->$", line):
            directive = match[1]
        elif line.startswith("```"):
            end = next((i for i in range(number + 1, len(lines)) if lines[i].startswith("```")), len(lines))
            found.append((number + 1, line[3:].strip(), directive, "\n".join(lines[number + 1:end])))
            directive, number = "", end
        elif line.strip():
            directive = ""
        number += 1
    return found


class Looked(Exception):
    """A command that names what the project does not have."""


def looked_up(command, scratch):
    """What to run in place of a command that is never run, or None for all other commands."""
    words = command.split()
    if words[:2] == ["git", "clone"]:
        return f"ln -sfn . {words[-1]}"
    if words[0] == "make":
        for target in words[1:]:
            if "=" not in target and not re.search(rf"^{re.escape(target)}:", (scratch / "Makefile").read_text(), re.M):
                raise Looked(f"the Makefile has no target '{target}'")
        return ":"
    if words[0] in ("cmake", "ctest") and "--preset" in words:
        name = words[words.index("--preset") + 1]
        presets = json.loads((scratch / "CMakePresets.json").read_text())
        kind = "testPresets" if words[0] == "ctest" else "buildPresets" if "--build" in words else "configurePresets"
        if name not in [preset["name"] for preset in presets[kind]]:
            raise Looked(f"CMakePresets.json has no {kind} '{name}'")
        return ":"
    return None


class Document:
    """One document in a scratch copy of the source."""

    def __init__(self, path):
        self.path, self.problems, self.output, self.of_specs = path, [], None, None
        self.first_line_only = False

    def complain(self, line, sentence):
        self.problems.append(f"{self.path.relative_to(SOURCE)}:{line}: {sentence}")

    def execute(self):
        found = blocks(self.path.read_text())
        if not any(language == "sh" for _, language, _, _ in found):
            return
        with tempfile.TemporaryDirectory() as folder:
            self.folder = pathlib.Path(folder)
            self.scratch = self.folder / "inpex"
            ignored = shutil.ignore_patterns("build", ".git", "results", "bundles", "__pycache__", "*.partial")
            shutil.copytree(SOURCE, self.scratch, ignore=ignored, symlinks=True)
            (self.scratch / "build/release").mkdir(parents=True)
            (self.scratch / "build/release/bin").symlink_to(INPEX.parent)
            (self.folder / "state").write_text(f"cd {self.scratch}\n")
            for line, language, directive, body in found:
                if language == "sh":
                    self.block(line, directive, body)
                elif language == "text" and self.output is not None:
                    self.compare(line, directive, body)

    def block(self, line, directive, body):
        self.output, self.first_line_only, wanted = None, False, 0
        kind, _, rest = directive.partition(" ")
        if kind.rstrip(",") == "skip":
            if len(rest.split()) < 2:
                self.complain(line, "a block that is skipped must give the reason")
            return
        if kind == "instead":
            body, _, reason = rest.partition("; ")
            self.first_line_only = True
            if not reason:
                self.complain(line, "a block that is replaced must give the reason")
        elif kind == "exit":
            wanted = int(rest)
        elif kind:
            self.complain(line, f"unknown test comment '{directive}'")
        body, left_out = self.without_ranks(line, body)
        try:
            body, replaced = self.runnable(body)
        except Looked as problem:
            return self.complain(line, str(problem))
        code, output = self.shell(body)
        if code != wanted:
            self.complain(line, f"ends with {code}, not {wanted}:\n{body}\n{output}")
        elif not replaced and not left_out:
            self.output, self.of_specs = output, re.search(r"inpex (spec digest|describe) ", body)

    def without_ranks(self, line, body):
        """Less what a build without MPI cannot do, and whether that was anything."""
        commands = body.replace("\\\n", " ").split("\n")
        kept = [command for command in commands if BUILT_WITH_MPI or not command.startswith(NEEDS_RANKS)]
        for command in commands:
            if command not in kept:
                print(f"{self.path.relative_to(SOURCE)}:{line}: left out, since this build has no MPI: {command}")
        return "\n".join(kept), kept != commands

    def runnable(self, body):
        lines = []
        for command in body.replace("\\\n", " ").split("\n"):
            lines.append(looked_up(command, self.scratch) if command.strip() else None)
        commands = [new or old for new, old in zip(lines, body.replace("\\\n", " ").split("\n"))]
        return "\n".join(commands), all(line is not None for line in lines)

    def shell(self, body):
        state = self.folder / "state"
        script = (f"source {state}\nset -eu\n"
                  f"trap '{{ export -p; printf \"cd %q\\n\" \"$PWD\"; }} >{state}' EXIT\n{body}\n")
        environment = {"OMP_NUM_THREADS": "1", **os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
                       "OMPI_MCA_hwloc_base_binding_policy": "none", "NO_COLOR": "1",
                       "PATH": f"{self.scratch}/build/release/bin:{os.environ['PATH']}"}
        environment.pop("INPEX_SPECS", None)  # as a user has it
        try:
            done = subprocess.run(["bash", "-c", script], env=environment, text=True, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=BLOCK_SECONDS)
        except subprocess.TimeoutExpired:
            return -1, f"not done within {BLOCK_SECONDS} s"
        return done.returncode, done.stdout

    def compare(self, line, directive, body):
        kind, _, rest = directive.partition(" ")
        if kind == "compare":
            wanted = rest.split()
        else:
            wanted = stable_words(body.split("\n")[0] if self.first_line_only else body)
        there = set(TOKEN.findall(self.output))
        if self.of_specs:
            wanted += DIGEST.findall(body)
            there.update(DIGEST.findall(self.output))
        missing = [word for word in dict.fromkeys(wanted) if word not in there]
        if missing:
            self.complain(line, f"not in the output: {' '.join(missing)}\n{self.output}")


def stable_words(text):
    """The words of an output that are the same on every machine."""
    words = []
    for word in TOKEN.findall(text):
        bare = word.rstrip(".")
        named = re.fullmatch(r"fp(32|64)|[a-z]+\.[a-z0-9]+", bare)
        if UNIT.fullmatch(bare) or bare in CEILINGS or (re.search(r"\d", bare) and not named):
            continue
        words.append(word)
    return words


def anchors(path):
    """The anchors that headings of a document have, as forges make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.M | re.S)
    return {re.sub(r"[^\w\- ]", "", heading.lower().strip()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def dead_links(path):
    text = re.sub(r"^```.*?^```", lambda block: "\n" * block[0].count("\n"), path.read_text(), flags=re.M | re.S)
    for match in re.finditer(r"\]\(([^)\s]+)\)", text):
        target = match[1]
        if re.match(r"[a-z]+:", target):
            continue
        where = f"{path.relative_to(SOURCE)}:{text.count(chr(10), 0, match.start()) + 1}"
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        if not other.exists():
            yield f"{where}: there is no {target}"
        elif anchor and anchor not in anchors(other):
            yield f"{where}: {other.name} has no heading for #{anchor}"


def printed(*words):
    return subprocess.run([str(INPEX), *words], capture_output=True, text=True, check=True).stdout


def table(header, kind, titles):
    """The aggregates KIND{"...", "...", ...} of a header as a table: as many columns as titles."""
    text = (SOURCE / header).read_text()
    cell = r'(?:"([^"]*)"|(\w+))'
    row = re.compile(rf"^ +{kind}\{{" + r",\s*".join([cell] * len(titles)) + "[,}]", re.M)
    rows = [[cell for cell in match.groups() if cell is not None] for match in row.finditer(text)]
    if not rows:
        sys.exit(f"{header} has no {kind} that this test can read")
    lines = [titles, ["---"] * len(titles), *[[f"`{first}`", *rest] for first, *rest in rows]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- | --- | --- |", "|---|---|---|")


def generated(path, write):
    text = path.read_text()

    def renew(match):
        if made := re.match(r"table (\S+) (\w+): (.*)", match[2]):
            return match[1] + table(made[1], made[2], made[3].split(", ")) + match[4]
        return match[1] + printed(*match[2].split()[1:]) + match[4]

    new = GENERATED.sub(renew, text)
    if new != text and write:
        path.write_text(new)
    elif new != text:
        yield f"{path.relative_to(SOURCE)}: generated text is old: tests/cli/documents.py --write"


def subcommands(*words):
    """(words, help) of every command below, itself included."""
    text = printed(*words, "--help")
    yield words, text
    names = re.search(r"^Subcommands:\n((?: .*\n)+)", text, re.M)
    for name in re.findall(r"^  ([a-z]+)", names[1], re.M) if names else []:
        yield from subcommands(*words, name)


def commands_page():
    """What the page lacks, or has too much."""
    page = SOURCE / "docs/commands.md"
    sections = dict(re.findall(r"^## inpex ?(.*?)\n(.*?)(?=^##? |\Z)", page.read_text(), re.M | re.S))
    for words, text in subcommands():
        name = " ".join(words)
        section = sections.pop(name, None)
        if section is None:
            yield f"docs/commands.md has no section '## inpex {name}'"
            continue
        options = set(re.findall(r"^  (?:(-p|-h,)|(?:-\w,)?(--[a-z-]+))", text, re.M))
        there = {long or short for short, long in options} - {"-h,", "--help"}
        said = set(re.findall(r"^\| `(-p|--[a-z-]+)", section, re.M))
        for option in sorted(there ^ said):
            yield f"docs/commands.md, inpex {name}: {option} is " + ("missing" if option in there else "no option")
        for codes in re.findall(r"Exit: (.*?)\.?$", text, re.M):
            for code in re.findall(r"(?:^|; )(\d+)", codes):
                if not re.search(rf"\b{code}\b", section):
                    yield f"docs/commands.md, inpex {name}: exit code {code} is missing"
    for name in sections:
        yield f"docs/commands.md: there is no command 'inpex {name}'"


def main(words):
    write = "--write" in words
    chosen = [SOURCE / word for word in words if word != "--write"] or documents()
    problems = list(commands_page())
    for path in chosen:
        problems += generated(path, write)
        problems += dead_links(path)
        if not write:
            document = Document(path)
            document.execute()
            problems += document.problems
    print("\n".join(problems) or f"{len(chosen)} documents hold")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
