"""The API as software uses it: the lines of docs/api.md, forged and revoked tokens, other people's keys, hostile content, the
worked example while the service is killed, schemathesis, and the page to try it.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from browser import CLUSTER, PATIENCE, ROOT, Browser, Server
from visitor import Api, first

UNIT = "H26.VD1"
BASE = f"/api/v1/clusters/{CLUSTER}"
DOSSIERS = BASE + "/records/dossier"
TOKENS = f"/c/{CLUSTER}/desk/{UNIT}/tokens"
ALL = {"records-write": "1", "records-read": "1", "figures-read": "1"}
WHOLE = {"unit": UNIT, "received_at": "2020-05-04T09:00:00+07:00", "first_due_at": "2020-05-08", "finished_at": "2020-05-07T10:00:00+07:00", "outcome": "granted"}


def problem(answer, status, sort):
    got, headers, body = answer
    assert got == status, answer
    assert headers["content-type"] == "application/problem+json", answer
    assert body["type"].endswith(f"/api/#problem-{sort}") and body["status"] == status, answer
    assert body["detail_vi"] and body["detail_en"] and body["detail_vi"] != body["detail_en"], answer
    return body


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def on_time(api):
    """What the unit's provisional figure on time counts."""
    status, _, board = api.ask("GET", BASE + "/figures?release=now")
    assert status == 200, board
    board = board["scoreboard"]
    at = [unit["code"] for unit in board["units"]].index(UNIT)
    return next(line for line in board["targets"] if line["target"] == "on-time")["figures"][at]["tally"]["counted"]


def click(browser, selector):
    """Presses something that stays on the page."""
    browser.driver.execute_script("arguments[0].click()", browser.one(selector))


def until(true, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


def the_lines_of_the_page(server, token):
    text = (ROOT / "docs" / "api.md").read_text()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "URL": server.url, "TOKEN": token, "OUTBOX": folder + "/outbox"}
        script = "set -e\n" + "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S)).replace("-o figures.json", f"-o {folder}/figures.json")
        done = subprocess.run(["bash", "-c", script], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done
        assert "problem+json" not in done.stdout and '"status":4' not in done.stdout, done.stdout
        assert '{"row":1,"status":"accepted"}' in done.stdout and '"column":"received_at"' in done.stdout, done.stdout
        assert done.stdout.count(" 0 rejected") == 3, done.stdout
        assert "scoreboard" in json.loads(Path(folder, "figures.json").read_text())


def one_record(api):
    key = DOSSIERS + "/J%C3%A2y%2F1"  # a key with a mark and a slash
    status, headers, body = api.ask("PUT", key, WHOLE)
    assert status == 201 and body["code"] == "Jây/1", (status, body)
    first_tag = headers["etag"]
    status, headers, body = api.ask("PUT", key, body)  # what was given may be sent back as it is
    assert status == 200 and headers["etag"] == first_tag, "the same again is no new version"
    assert api.ask("GET", key, If_None_Match=first_tag)[0] == 304
    status, headers, body = api.ask("PUT", key, {**WHOLE, "outcome": None, "finished_at": None}, If_Match=first_tag)
    assert status == 200 and headers["etag"] != first_tag and body["outcome"] is None
    problem(api.ask("PUT", key, WHOLE, If_Match=first_tag), 412, "changed")
    problem(api.ask("PUT", key, WHOLE, If_None_Match="*"), 412, "changed")
    problem(api.ask("PUT", key, WHOLE, If_Match="x"), 400, "bad-request")
    problem(api.ask("PUT", DOSSIERS + "/J2", WHOLE, If_Match="*"), 412, "changed")
    problem(api.ask("DELETE", key), 422, "not-accepted")
    problem(api.ask("DELETE", key + "?reason=x", If_Match=first_tag), 412, "changed")
    assert api.ask("DELETE", key + "?reason=nh%E1%BA%A7m")[0] == 204
    problem(api.ask("GET", key), 404, "not-found")
    versions = api.ask("GET", key + "/versions")[2]["versions"]
    assert len(versions) == 3 and "nhầm" in versions[-1]["said"]["vi"], versions
    wrong = problem(api.ask("PUT", DOSSIERS + "/J3", {**WHOLE, "outcome": "fine", "received_at": "2020-02-30"}), 422, "not-accepted")
    assert sorted(one["column"] for one in wrong["errors"]) == ["outcome", "received_at"], wrong
    for bad in [{"colour": "red"}, {"applicant": "Nguyễn Văn A"}, {"code": "another"}]:
        wrong = problem(api.ask("PUT", DOSSIERS + "/J3", {**WHOLE, **bad}), 422, "not-accepted")
        assert [one["column"] for one in wrong["errors"]] == list(bad), wrong


def batches(api):
    rows = lines({"code": "L1", **WHOLE}, {"code": "L2", **WHOLE}) + "\n" + lines({"code": "L3", "unit": "nobody"}) + "{}\n{wrong\n" + lines({"code": "L4", **WHOLE, "colour": "red"})
    before = api.ask("POST", DOSSIERS, rows, Idempotency_Key="one")
    *told, sums = before[2]
    assert before[0] == 200 and [row["row"] for row in told] == [1, 2, 4, 5, 6, 7], told
    assert [row["status"][0] for row in told] == list("aarrra"), told
    assert sums["ignored"] == ["colour"] and (sums["rows"], sums["accepted"], sums["new"], sums["rejected"]) == (6, 3, 3, 3), sums
    again = api.ask("POST", DOSSIERS, rows, Idempotency_Key="one")
    assert again[2] == before[2], "the same batch is answered the same"
    problem(api.ask("POST", DOSSIERS, rows + "\n", Idempotency_Key="one"), 422, "not-accepted")
    sums = api.ask("POST", DOSSIERS, rows)[2][-1]
    assert (sums["new"], sums["unchanged"], sums["entry"]) == (0, 3, None), "nothing takes effect twice, and nothing new makes no entry"
    told = api.ask("POST", DOSSIERS, lines({"code": "L9", **WHOLE}, {"code": "L9", **WHOLE}))[2]
    assert [row["status"] for row in told[:2]] == ["rejected"] * 2, told
    many = lines(*({"code": f"N{at}", "unit": "nobody"} for at in range(300)))
    told = api.ask("POST", DOSSIERS, many)[2]
    assert len(told) == 301 and all(row["status"] == "rejected" and row["problems"] for row in told[:300]), told[-1]
    # Two at the same time with the same key: one is written, the other one is told to wait or gets the same.
    answers, big = [], lines(*({"code": f"T{at}", **WHOLE} for at in range(3000)))
    threads = [threading.Thread(target=lambda: answers.append(api.ask("POST", DOSSIERS, big, Idempotency_Key="two"))) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    written = [answer[2] for answer in answers if answer[0] == 200]
    assert written and all(answer == written[0] for answer in written) and written[0][-1]["new"] == 3000
    assert all(answer[0] in (200, 409) for answer in answers), [answer[0] for answer in answers]


def hostile(api):
    problem(api.ask("POST", DOSSIERS, b'{"code":"\xff"}\n'), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, b"\xfe\xff\x00{"), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, "code,unit\n1,2\n"), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, '[{"code":"1"}]'), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, ""), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, b"PK\x03\x04zip"), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, lines({"code": "X", "unit": "x" * (3 << 20)})), 422, "not-accepted")
    problem(api.ask("POST", DOSSIERS, "x", Content_Type="text/csv"), 415, "media-type")
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    problem(api.ask("PUT", DOSSIERS + "/X", deep, Content_Type="application/json"), 400, "bad-request")
    told = api.ask("POST", DOSSIERS, deep + "\n" + lines({"code": "X1", **WHOLE}))
    assert told[0] == 200 and [row["status"] for row in told[2][:2]] == ["rejected", "accepted"], told
    for bad in ["[1]", "7", "{", '{"unit": 1e999}', ""]:
        problem(api.ask("PUT", DOSSIERS + "/X", bad, Content_Type="application/json"), 400, "bad-request")
    problem(api.ask("PUT", DOSSIERS + "/X", json.dumps({"unit": "x" * (2 << 20)}), Content_Type="application/json"), 413, "too-large")
    problem(api.ask("PUT", DOSSIERS + "/%FF", WHOLE), 400, "bad-request")
    problem(api.ask("GET", DOSSIERS + "?limit=0"), 422, "not-accepted")
    problem(api.ask("GET", DOSSIERS + "?after=tomorrow"), 422, "not-accepted")
    problem(api.ask("GET", BASE + "/records/nothing"), 404, "not-found")
    problem(api.ask("GET", "/api/v1/nothing"), 404, "not-found")
    problem(api.ask("GET", "/api/v2/clusters"), 404, "not-found")
    assert "PUT" in api.ask("PATCH", DOSSIERS + "/X")[1]["allow"]


def tokens(server, leader, secretary, api):
    for secret in ["", "x", "giaouoc_" + "0" * 64, api.token[:-1], api.token + "0"]:
        problem(Api(server, secret or " ").ask("GET", "/api/v1/clusters"), 401, "no-token")
    # A log-in is of no use here.
    status, _, text = leader.ask("PUT", DOSSIERS + "/K", json.dumps(WHOLE), "application/json")
    assert status == 401, text
    reads = Api(server, leader.make(TOKENS, name="chỉ đọc", **{"records-read": "1"}))
    assert reads.ask("GET", DOSSIERS + "?limit=1")[0] == 200
    problem(reads.ask("PUT", DOSSIERS + "/K", WHOLE), 403, "no-scope")
    problem(reads.ask("GET", BASE + "/figures?release=now"), 403, "no-scope")
    problem(reads.ask("GET", DOSSIERS + "?unit=H26.VD2"), 403, "no-scope")
    page = leader.ask("GET", TOKENS)[2]
    assert reads.token not in page and "chỉ đọc" in page, "shown once"
    number = max(map(int, re.findall(r"/tokens/(\d+)/revoke", page)))
    assert leader.send(f"{TOKENS}/{number}/revoke", TOKENS)[0] == 303
    problem(reads.ask("GET", DOSSIERS + "?limit=1"), 401, "no-token")
    # The source of the whole cluster, and whose key is whose.
    whole = Api(server, secretary.make(f"/c/{CLUSTER}/tokens", name="kho chung", **ALL), lang="en")
    assert api.ask("PUT", DOSSIERS + "/OWN", WHOLE)[0] == 201
    problem(whole.ask("PUT", DOSSIERS + "/OWN", WHOLE), 409, "owned")
    problem(whole.ask("DELETE", DOSSIERS + "/OWN?reason=x"), 409, "owned")
    told = whole.ask("POST", DOSSIERS, lines({"code": "OWN", **WHOLE}, {"code": "MINE", **WHOLE}))[2]
    assert [row["status"] for row in told[:2]] == ["rejected", "accepted"], told
    other = whole.ask("PUT", DOSSIERS + "/ELSEWHERE", {**WHOLE, "unit": "H26.VD2"})
    assert other[0] == 201
    problem(api.ask("GET", DOSSIERS + "/ELSEWHERE"), 404, "not-found")
    # On behalf of a unit the secretary says what it rests on.
    status, _, text = secretary.send(TOKENS, TOKENS, name="x", until="2020-01-01", **ALL)
    assert status == 422, text
    secretary.make(TOKENS, name="thay đơn vị", behalf="Công văn 12/VP", **ALL)
    trail = leader.ask("GET", f"/c/{CLUSTER}/trail")[2]
    for words in ["tạo mã truy cập", "thu hồi mã truy cập", "phần mềm gửi bản ghi", "phần mềm rút bản ghi", "Công văn 12/VP"]:
        assert words in trail, words


def pages_of_a_list(api):
    """Records that come while somebody turns the pages are on later pages, and none is missed."""
    after, seen, turned = "", [], 0
    while True:
        body = api.ask("GET", f"{DOSSIERS}?limit=500{after}")[2]
        seen += [record["key"] for record in body["records"]]
        api.ask("PUT", f"{DOSSIERS}/LATE{turned}", WHOLE)
        turned += 1
        if body["next"] is None:
            break
        after = "&after=" + body["next"]
        assert turned < 100
    assert len(seen) == len(set(seen)), "none twice"
    assert {f"T{at}" for at in range(3000)} <= set(seen) and "LATE0" in seen


def the_example_while_it_is_killed(server, api):
    """The worked example goes on whatever happens to the service; every dossier is there in the end."""
    random.seed(5)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-B", str(ROOT / "examples/one-stop/push.py"), "--url", server.url, "--cluster", CLUSTER, "--unit", UNIT]
        command += ["--today", "2020-06-01", "--every", "0.05", "--times", "40", "--outbox", folder]
        pushing = subprocess.Popen(command, env={**os.environ, "GIAOUOC_TOKEN": api.token}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        kills = 0
        while pushing.poll() is None and kills < 3:
            time.sleep(random.uniform(0.3, 0.8))
            if pushing.poll() is None:
                server.kill()
                server.start()
                kills += 1
        said, _ = pushing.communicate(timeout=200)
        assert pushing.returncode == 0 and said.count(" 0 rejected") == 40, said
        assert not list(Path(folder).glob("*.ndjson")) and not Path(folder, "rejected.txt").exists()
    body = api.ask("GET", DOSSIERS + "?limit=1000&supplier=" + UNIT)[2]
    keys = [record["key"] for record in body["records"]]
    while body["next"]:
        body = api.ask("GET", f"{DOSSIERS}?limit=1000&supplier={UNIT}&after={body['next']}")[2]
        keys += [record["key"] for record in body["records"]]
    pushed = [key for key in keys if key.startswith("MC-202006") or key.startswith("MC-202007")]
    numbers = sorted(int(key.rsplit("-", 1)[1]) for key in pushed)
    assert numbers == list(range(1, numbers[-1] + 1)) and len(numbers) >= 40, numbers
    return kills


def the_page(server):
    browser = Browser(server)
    try:
        for width in [1440, 768, 360]:
            looking = browser if width == 1440 else Browser(server, width=width)
            for lang in ["vi", "en"] if width == 1440 else ["vi"]:
                looking.go(f"/lang/{lang}?to=/api/")
                looking.look(f"api-{lang}")
            if looking is not browser:
                looking.close()
        browser.go("/lang/vi?to=/api/")
        click(browser, "#op-getKind summary")
        browser.fill(**{"getKind-kind": "dossier"})
        click(browser, "#op-getKind button")
        browser.until(lambda: "json-schema.org" in browser.text("#op-getKind output"), "the answer on the page")
        click(browser, "#op-getRecord summary")
        browser.fill(**{"getRecord-cluster": CLUSTER, "getRecord-kind": "dossier", "getRecord-key": "OWN"})
        click(browser, "#op-getRecord button")
        browser.until(lambda: "problem-no-token" in browser.text("#op-getRecord output"), "a problem on the page")
        browser.look("api-tried")
        browser.clean()
    finally:
        browser.close()


def the_page_of_tokens(server):
    browser = Browser(server)
    try:
        browser.log_in("leader@vidu.vn", "mật khẩu dài của ai đó")
        browser.go(TOKENS)
        browser.look("tokens")
        browser.fill(name="Hệ thống một cửa điện tử")
        click(browser, "#records-write")
        browser.press("main form.form button")
        assert browser.text("#secret").startswith("giaouoc_")
        browser.look("token-made")
        browser.clean()
        browser.close()
        browser = Browser(server, width=360)
        browser.log_in("leader@vidu.vn", "mật khẩu dài của ai đó")
        browser.go(TOKENS)
        browser.look("tokens")
    finally:
        browser.close()


def schemathesis(server, token):
    """Calls everything in the document with what is and what is not right; finds nothing."""
    program = Path(sys.executable).parent / "schemathesis"
    command = [str(program), "run", f"{server.url}/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "12", "--seed", "5", "--rate-limit", "45/s", "--no-color"]
    # What is of the right form may still be wrong (a day that is none, a unit of elsewhere): 422 is then right.
    command += ["--exclude-checks", "positive_data_acceptance", "--generation-database", "none", "--max-time", "50"]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "api_hooks", "PYTHONPATH": str(Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return re.search(r"(\d+) generated", done.stdout)[1]


def main():
    server = Server()
    try:
        leader, secretary = first(server, ("leader", "leader", f"{CLUSTER}/{UNIT}"), ("secretary", "secretary", CLUSTER))
        api = Api(server, leader.make(TOKENS, name="Hệ thống một cửa", **ALL))
        before = on_time(api)
        the_lines_of_the_page(server, api.token)
        one_record(api)
        batches(api)
        hostile(api)
        # 3 and 1 of the hostile, 3,000 at once; those of the page are open or withdrawn but for one of the example.
        until(lambda: on_time(api) >= before + 3004, "the figures to count what was acknowledged")
        status, headers, _ = api.ask("GET", BASE + "/figures?release=now")
        assert api.ask("GET", BASE + "/figures?release=now", If_None_Match=headers["etag"])[0] == 304
        problem(Api(server).ask("GET", BASE + "/figures?release=now"), 401, "no-token")
        problem(Api(server, lang="en").ask("GET", BASE + "/figures"), 404, "not-found")
        tokens(server, leader, secretary, api)
        pages_of_a_list(api)
        the_page(server)
        the_page_of_tokens(server)
        kills = the_example_while_it_is_killed(server, api)
        print(f"the example went on over {kills} kills")
        print(f"schemathesis: {schemathesis(server, api.token)} calls, nothing found")
    finally:
        server.process.kill()
    print("api: ok")


if __name__ == "__main__":
    main()
