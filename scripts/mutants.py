#!/usr/bin/env python3
"""Mutation testing with one build: every mutant of a crate stands behind a switch of one program.

    mutants.py plant  LIST CRATE [--root DIR]      rewrites CRATE/src in place and builds its tests (in a worktree!)
    mutants.py run    LIST CRATE OUT [--jobs N]    runs the tests once for each mutant; OUT gets a line of JSON each
    mutants.py alone  LIST CRATE OUT               the mutants that `plant` could not plant, one build each (on clean sources)

LIST is what `cargo mutants --list --json` printed on the same sources: which mutants there are is its word, only
how they are built is ours. A mutant whose place can hold no switch (a constant, a pattern) or whose branch does not
compile is written down as such by `plant` (CRATE/planted.json), for `alone`. `run` first asks each test by itself which
mutants it reaches and how long it takes; a mutant is then tried by those tests, the quickest first, until one notices it.

Needs tree-sitter and tree-sitter-rust (pip). docs/development.md, "Mutation testing", has the commands and what came
of them.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import time

SWITCH = """
/// Whether a mutant is switched on: the one that the variable names, for as long as the process lives. Where the other
/// variable names a file, every number that is asked for is written there once.
#[doc(hidden)]
pub fn __mutant(number: u32) -> bool {
    static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    static ASKED: std::sync::OnceLock<Option<std::sync::Mutex<(std::fs::File, Vec<bool>)>>> = std::sync::OnceLock::new();
    let asked = ASKED.get_or_init(|| {
        let path = std::env::var_os("MUTANT_ASKED")?;
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path).ok()?;
        Some(std::sync::Mutex::new((file, vec![false; 1 << 16])))
    });
    if let Some(asked) = asked {
        let mut asked = asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !std::mem::replace(&mut asked.1[number as usize], true) {
            let _ = std::io::Write::write_all(&mut asked.0, format!("{number}\\n").as_bytes());
        }
    }
    *ON.get_or_init(|| std::env::var("MUTANT").ok().and_then(|it| it.parse().ok()).unwrap_or(u32::MAX)) == number
}
"""
# Of these, an expression is worked out before the program runs, and no switch can be asked.
FIXED = {"const_item", "static_item", "array_type", "enum_variant", "const_block"}


class Source:
    """One file, its tree and the mutants in it."""

    def __init__(self, path, text, parser):
        self.path, self.text = path, text
        self.raw = text.encode()
        self.tree = parser.parse(self.raw)
        self.lines = [0]
        for line in text.split("\n"):
            self.lines.append(self.lines[-1] + len(line.encode()) + 1)
        self.at = {}
        self.nodes = []
        stack = [self.tree.root_node]
        while stack:
            node = stack.pop()
            self.nodes.append(node)
            stack.extend(node.children)

    def byte(self, place):
        line = self.text.split("\n")[place["line"] - 1]
        return self.lines[place["line"] - 1] + len(line[: place["column"] - 1].encode())

    def attach(self, number, mutant):
        """Finds the node a mutant changes; says why not when there is none."""
        if mutant["genre"] == "FnValue" and "impl " in (mutant["function"]["return_type"] or ""):
            return "a type that two branches cannot share"
        start, end = self.byte(mutant["span"]["start"]), self.byte(mutant["span"]["end"])
        node = self.find(mutant["genre"], start, end)
        if node is None:
            return "no expression of its own"
        above = node
        while above is not None:
            fixed = above.type in FIXED
            if above.type == "function_item" and any(
                child.type == "function_modifiers" and b"const" in child.text for child in above.children
            ):
                fixed = True
            if above.type == "array_expression" and above.child_by_field_name("length") is not None:
                length = above.child_by_field_name("length")
                fixed = fixed or (length.start_byte <= start < length.end_byte)
            if fixed:
                return "a constant"
            above = above.parent
        self.at.setdefault(node.id, []).append((number, mutant))
        return None

    def find(self, genre, start, end):
        best = None
        for node in self.nodes:
            if genre == "FnValue":
                body = node.child_by_field_name("body") if node.type == "function_item" else None
                if body is not None and body.start_byte < start and end <= body.end_byte:
                    if best is None or body.start_byte > best.start_byte:
                        best = body
                continue
            if genre == "BinaryOperator" and node.type in ("binary_expression", "compound_assignment_expr"):
                operator = node.child_by_field_name("operator")
                if (operator.start_byte, operator.end_byte) == (start, end):
                    return node
            if genre == "UnaryOperator" and node.type == "unary_expression" and node.start_byte == start:
                return node
            if genre == "MatchArm" and node.type == "match_arm" and node.start_byte == start:
                return node.child_by_field_name("pattern")
            if genre == "StructField" and node.type in ("field_initializer", "shorthand_field_initializer"):
                if node.start_byte == start:
                    return node
            if genre == "MatchArmGuard" and node.type == "match_pattern":
                guard = node.child_by_field_name("condition")
                if guard is not None and guard.start_byte == start:
                    return guard
        return best

    def plain(self, node):
        return self.raw[node.start_byte : node.end_byte].decode()

    def render(self, node, skip=()):
        """The text of a node with the switches of everything in it."""
        inner = self.inner(node, skip)
        mine = [(number, mutant) for number, mutant in self.at.get(node.id, []) if number not in skip]
        if not mine:
            return inner
        genre = mine[0][1]["genre"]
        if genre == "FnValue":
            exits = "".join(
                mark(number, f"if crate::__mutant({number}) {{ return {mutant['replacement']}; }}")
                for number, mutant in mine
            )
            return "{" + exits + inner[1:]
        text = self.plain(node)
        if genre == "MatchArm":
            return self.arm(node, mine[0][0], skip)
        if genre == "StructField":
            number = mine[0][0]
            name = (node.child_by_field_name("field") or node.children[0]).text.decode()
            base = next(c for c in node.parent.children if c.type == "base_field_initializer")
            base = self.plain(base).lstrip(".").strip()
            value = node.child_by_field_name("value")
            value = self.render(value, skip) if value is not None else name
            held = self.owner(node)
            usual = f"{{ let usual: {held} = {base}; usual.{name} }}"
            return f"{name}: {mark(number, f'if crate::__mutant({number}) {usual}')} else {{ {value} }}"
        text_of = {}
        for number, mutant in mine:
            at = self.byte(mutant["span"]["start"]) - node.start_byte
            end = self.byte(mutant["span"]["end"]) - node.start_byte
            raw = text.encode()
            put = f" {mutant['replacement']} " if mutant["genre"] == "BinaryOperator" else mutant["replacement"]
            text_of[number] = (raw[:at].decode() + put + raw[end:].decode()).strip()
        chain = "".join(
            mark(number, f"if crate::__mutant({number}) {{ {changed} }}") + " else "
            for number, changed in text_of.items()
        )
        return f"({chain}{{ {inner} }})"

    def arm(self, pattern, number, skip):
        """The pattern of an arm that can be passed over."""
        guard = pattern.child_by_field_name("condition")
        out, at = [], pattern.start_byte
        for child in pattern.children:
            out.append(self.raw[at : child.start_byte].decode())
            text = self.render(child, skip)
            if guard is not None and child.id == guard.id:
                text = mark(number, f"!crate::__mutant({number}) && ({text})")
            out.append(text)
            at = child.end_byte
        if guard is None:
            out.append(mark(number, f" if !crate::__mutant({number})"))
        return "".join(out)

    def owner(self, node):
        while node.type != "struct_expression":
            node = node.parent
        return node.child_by_field_name("name").text.decode()

    def inner(self, node, skip):
        out, at = [], node.start_byte
        for child in node.children:
            out.append(self.raw[at : child.start_byte].decode())
            out.append(self.render(child, skip))
            at = child.end_byte
        out.append(self.raw[at : node.end_byte].decode())
        return "".join(out)


def mark(number, text):
    return f"/*M{number}*/{text}/*W{number}*/"


def reader():
    # Only to plant: `run` needs Python alone.
    import tree_sitter
    import tree_sitter_rust

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))


def blamed(text, at):
    """The mutants whose branches hold a byte of a written file, the innermost last."""
    found = []
    for opening in re.finditer(rb"/\*M(\d+)\*/", text):
        if opening.start() > at:
            break
        closing = text.find(b"/*W" + opening.group(1) + b"*/", opening.end())
        if closing >= at:
            found.append(int(opening.group(1)))
    return found


def arms_of(text, at, parser):
    """Mutants of a written file that pass over arms of the match whose value is at a byte."""
    found = set()
    stack = [parser.parse(text).root_node]
    while stack:
        node = stack.pop()
        stack.extend(child for child in node.children if child.end_byte > at >= child.start_byte)
        value = node.child_by_field_name("value") if node.type == "match_expression" else None
        if value is not None and value.start_byte <= at < value.end_byte:
            found.update(int(it) for it in re.findall(rb"!crate::__mutant\((\d+)\)", node.text))
    return found


def plant(arguments):
    root = pathlib.Path(arguments.root).resolve()
    mutants = json.loads(pathlib.Path(arguments.list).read_text())
    package = mutants[0]["package"]
    parser = reader()
    files, state = {}, {}
    for number, mutant in enumerate(mutants):
        path = root / mutant["file"]
        if path not in files:
            files[path] = Source(path, path.read_text(), parser)
        why = files[path].attach(number, mutant)
        state[number] = "planted" if why is None else why
    main = root / arguments.crate / "src/lib.rs"
    first = main.read_text()
    gone = set()
    if arguments.known:
        known = json.loads(pathlib.Path(arguments.known).read_text())
        for number, mutant in enumerate(mutants):
            word = known.get(mutant["name"], "planted")
            if word != "planted" and state[number] == "planted":
                gone.add(number)
                state[number] = word
    for round_ in range(40):
        for path, source in files.items():
            written = source.render(source.tree.root_node, gone)
            path.write_text(written + (SWITCH if path == main else ""))
        if main not in files:
            main.write_text(first + SWITCH)
        done = subprocess.run(
            ["cargo", "test", "--no-run", "-p", package, "--message-format=json", "--locked"],
            cwd=root, capture_output=True, text=True,
        )
        bad, loose = set(), []
        for line in done.stdout.splitlines():
            message = json.loads(line)
            if message.get("reason") != "compiler-message" or message["message"]["level"] != "error":
                continue
            code = (message["message"]["code"] or {}).get("code", "")
            if code == "E0004":
                # With all switches at once too many arms may be passed over: these are tried alone.
                span = next(it for it in message["message"]["spans"] if it["is_primary"])
                arms = arms_of((root / span["file_name"]).read_bytes(), span["byte_start"], parser) - gone
                state.update(dict.fromkeys(arms, "an arm that others need"))
                bad |= arms
                continue
            hit = None
            for span in sorted(message["message"]["spans"], key=lambda it: not it["is_primary"]):
                path = root / span["file_name"]
                if not path.exists():
                    continue
                whose = blamed(path.read_bytes(), span["byte_start"])
                if whose:
                    hit = whose[-1]
                    break
            if hit is None:
                if message["message"]["spans"]:
                    loose.append(message["message"]["rendered"])
            else:
                bad.add(hit)
                state[hit] = f"does not compile: {code}"
        print(f"round {round_}: exit {done.returncode}, {len(bad)} do not compile, {len(loose)} faults elsewhere", flush=True)
        if done.returncode == 0:
            break
        if not bad:
            print("\n".join(loose) or done.stderr[-4000:])
            raise SystemExit("the build fails, and no mutant is to blame")
        gone |= bad
    programs = programs_of(done.stdout)
    words = {mutants[number]["name"]: word for number, word in state.items()}
    (root / arguments.crate / "words.json").write_text(json.dumps(words))
    held = {"programs": programs, "state": state}
    (root / arguments.crate / "planted.json").write_text(json.dumps(held))
    count = {}
    for word in state.values():
        count[word] = count.get(word, 0) + 1
    print(count)


def alone(arguments):
    """Mutants that no switch could stand for, one build each."""
    root = pathlib.Path(arguments.root).resolve()
    crate = root / arguments.crate
    mutants = json.loads(pathlib.Path(arguments.list).read_text())
    state = json.loads((crate / "planted.json").read_text())["state"]
    package = mutants[0]["package"]
    skipped = set(arguments.skip.split(",")) if arguments.skip else set()
    out = pathlib.Path(arguments.out)
    done = {json.loads(line)["number"] for line in out.read_text().splitlines()} if out.exists() else set()
    # These say the same of the mutant by itself: no such type, no such name, no such trait.
    sure = ("planted", *(f"does not compile: {code}" for code in ("E0277", "E0433", "E0599", "E0790")))
    todo = [number for number in range(len(mutants)) if state[str(number)] not in sure and number not in done]
    # In a chain of `if let`, `||` is no Rust.
    todo = [number for number in todo if state[str(number)] != "no expression of its own"]
    chosen = ["--lib", *(word for name in arguments.tests.split(",") for word in ("--test", name))] if arguments.tests else []
    for at, number in enumerate(todo):
        mutant = mutants[number]
        path = root / mutant["file"]
        text = path.read_text()
        lines = text.split("\n")
        place = lambda it: sum(len(line) + 1 for line in lines[: it["line"] - 1]) + it["column"] - 1
        start, end = place(mutant["span"]["start"]), place(mutant["span"]["end"])
        try:
            path.write_text(text[:start] + mutant["replacement"] + text[end:])
            built = subprocess.run(
                ["cargo", "test", "--no-run", "-p", package, "--message-format=json", "--locked", *chosen],
                cwd=root, capture_output=True, text=True,
            )
        finally:
            path.write_text(text)
        word, name, failed = "does not compile", "", []
        if built.returncode == 0:
            programs = programs_of(built.stdout)
            for name, program in [it for it in programs if it[0] not in skipped]:
                result, _, failed = once(program, crate, 2**32 - 1, arguments.limit)
                word = {"passed": "missed", "failed": "caught", "timeout": "timeout"}[result]
                if result != "passed":
                    break
        with out.open("a") as file:
            line = {"number": number, "name": mutant["name"], "result": word, "by": name, "tests": failed}
            file.write(json.dumps(line) + "\n")
        print(f"{at + 1}/{len(todo)} {word} {mutant['name']}", flush=True)
    print("done", flush=True)


def programs_of(said):
    found = []
    for line in said.splitlines():
        message = json.loads(line)
        if message.get("reason") == "compiler-artifact" and message.get("executable") and message["profile"]["test"]:
            found.append([message["target"]["name"], message["executable"]])
    return found


def once(program, crate, number, limit, test=None, asked=None):
    """Runs a test program, or one test of it: what came of it, how long it took, which tests failed."""
    environment = dict(
        os.environ, MUTANT=str(number), RUST_TEST_THREADS="1", INSTA_UPDATE="no", RUST_MIN_STACK="33554432",
        PROPTEST_DISABLE_FAILURE_PERSISTENCE="1", RUST_BACKTRACE="0",
        CARGO_MANIFEST_DIR=str(crate),
    )
    if asked:
        environment["MUTANT_ASKED"] = str(asked)
    begun = time.monotonic()
    child = subprocess.Popen(
        [program] + ([test, "--exact"] if test else []), cwd=crate, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=limit)
        result = "passed" if child.returncode == 0 else "failed"
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        said, _ = child.communicate()
        result = "timeout"
    failed = re.findall(rb"^test (\S+) \.\.\. FAILED", said, re.M)
    return result, time.monotonic() - begun, [name.decode() for name in failed[:3]]


def run(arguments):
    root = pathlib.Path(arguments.root).resolve()
    crate = root / arguments.crate
    mutants = json.loads(pathlib.Path(arguments.list).read_text())
    held = json.loads((crate / "planted.json").read_text())
    out = pathlib.Path(arguments.out)
    done = set()
    if out.exists():
        done = {json.loads(line)["number"] for line in out.read_text().splitlines()}
    skipped = set(arguments.skip.split(",")) if arguments.skip else set()
    only = set(arguments.only.split(",")) if arguments.only else {name for name, _ in held["programs"]}
    programs = [(name, path) for name, path in held["programs"] if name in only - skipped]
    tests = []
    for name, path in programs:
        listed = subprocess.run([path, "--list"], cwd=crate, capture_output=True, text=True).stdout
        for test in re.findall(r"^(\S+): test$", listed, re.M):
            asked = out.with_suffix(".asked")
            asked.unlink(missing_ok=True)
            result, seconds, _ = once(path, crate, 2**32 - 1, 900, test, asked)
            if result != "passed":
                raise SystemExit(f"without a mutant {name} {test} {result}")
            reached = set(map(int, asked.read_text().split())) if asked.exists() else set()
            tests.append((seconds, name, path, test, reached))
    tests.sort(key=lambda it: it[0])
    print(f"{len(tests)} tests, {sum(it[0] for it in tests):.1f} s", flush=True)
    todo = [number for number, _ in enumerate(mutants) if held["state"][str(number)] == "planted" and number not in done]
    if arguments.among:
        lines = [json.loads(line) for line in pathlib.Path(arguments.among).read_text().splitlines()]
        missed = {line["name"] for line in lines if line["result"] == "missed"}
        todo = [number for number in todo if mutants[number]["name"] in missed]

    def one(number):
        result, by = "passed", ""
        for seconds, name, path, test, reached in tests:
            if number in reached:
                result, _, _ = once(path, crate, number, max(12, 10 * seconds), test)
                by = f"{name} {test}"
            if result != "passed":
                break
        word = {"passed": "missed", "failed": "caught", "timeout": "timeout"}[result]
        return {"number": number, "name": mutants[number]["name"], "result": word, "by": by}

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool, out.open("a") as file:
        for at, result in enumerate(pool.map(one, todo)):
            file.write(json.dumps(result) + "\n")
            file.flush()
            if result["result"] != "caught":
                print(f"{at + 1}/{len(todo)} {result['result']} {result['name']}", flush=True)
    print("done", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, function in (("plant", plant), ("run", run), ("alone", alone)):
        command = commands.add_parser(name)
        command.add_argument("list")
        command.add_argument("crate")
        if name == "plant":
            command.add_argument("--known", default="", help="words.json of an earlier planting: what did not compile is not tried again")
        if name != "plant":
            command.add_argument("out")
            command.add_argument("--skip", default="", help="test programs not to run, with commas")
        if name == "alone":
            command.add_argument("--tests", default="", help="build and run the library's tests and these only, with commas")
            command.add_argument("--limit", type=int, default=120, help="seconds a test program may take")
        if name == "run":
            command.add_argument("--jobs", type=int, default=2)
            command.add_argument("--among", default="", help="an OUT of before: only what was missed there")
            command.add_argument("--only", default="", help="the test programs to run, with commas; all others are not")
        command.add_argument("--root", default=".")
        command.set_defaults(function=function)
    arguments = parser.parse_args()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
