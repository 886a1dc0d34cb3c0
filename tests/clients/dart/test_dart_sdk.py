"""The calls of the AWS SDK for Dart (agilord/aws_client), byte for byte as it writes them, over a raw socket.

What it does differently from all other SDKs: a bare `?` when the query is empty, the host without its port, every body as
`text/plain; charset=utf-8` (up to shared_aws_api 2.0.1), the scope `execute-api` (aws_iot_api up to 2.0.0), header names
in lower case, no content type or length where there is no body, and `//` when the endpoint ends with a slash.
"""

import http.client
import json
import os
import random
import socket
import time
import unittest
import urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("EMULATOR_URL", "http://127.0.0.1:8080"))
REGION = os.environ.get("AWS_DEFAULT_REGION", "us-west-2")
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Dart:
    """One client with the credentials of a fresh account, as `Iot(region: ..., endpointUrl: ...)` is."""

    def __init__(self, scope="execute-api", content_type="text/plain; charset=utf-8", base=""):
        self.account = str(random.randrange(10**11, 10**12))
        self.scope, self.content_type, self.base = scope, content_type, base

    def with_(self, **different):
        other = Dart(**{"scope": self.scope, "content_type": self.content_type, "base": self.base, **different})
        other.account = self.account
        return other

    def send(self, method, target, payload=None):
        """Writes the request as dart:io does; `payload` None is a call without a body."""
        body = None if payload is None else json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        lines = [
            f"{method} {self.base}{target} HTTP/1.1",
            "user-agent: Dart/3.1 (dart:io)",
            "accept: application/json",
            "accept-encoding: gzip",
            "x-amz-date: 20260101T000000Z",
            f"x-amz-content-sha256: {EMPTY_SHA256}",
            f"authorization: AWS4-HMAC-SHA256 Credential={self.account}/20260101/{REGION}/{self.scope}/aws4_request, "
            f"SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date, Signature={'0' * 64}",
            f"host: {URL.hostname}",
        ]
        if body is not None:
            lines += [f"content-length: {len(body)}", f"content-type: {self.content_type}"]
        return Answer("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))

    def ok(self, method, target, payload=None):
        answer = self.send(method, target, payload)
        assert answer.status == 200, (method, target, answer.status, answer.text)
        return answer.json

    def arn(self, resource):
        return f"arn:aws:iot:{REGION}:{self.account}:{resource}"

    def job_on(self, *things, job="update"):
        for thing in things:
            self.ok("POST", f"/things/{encoded(thing)}?", {})
        targets = [self.arn(f"thing/{thing}") for thing in things]
        self.ok("PUT", f"/jobs/{job}?", {"targets": targets, "document": "{}"})
        return job

    def report(self, thing, job, status):
        self.with_(scope="iot-jobs-data").ok("POST", f"/things/{encoded(thing)}/jobs/{job}?", {"status": status})

    def execution(self, thing, job="update"):
        return self.ok("GET", f"/things/{encoded(thing)}/jobs/{job}?")["execution"]

    def status(self, job="update"):
        answer = self.send("GET", f"/jobs/{job}?")
        return answer.json["job"]["status"] if answer.status == 200 else answer.error


class Answer:
    """Reads an answer as the Dart SDK does: the type of an error is the header up to `:`, overridden by the body's."""

    def __init__(self, request):
        with socket.create_connection((URL.hostname, URL.port), timeout=30) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            self.status, self.headers = response.status, response.headers
            self.text = response.read().decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def error(self):
        kind = self.headers.get("x-amzn-ErrorType", "").split(":")[0]
        body = self.json
        kind = str(body.get("__type") or body.get("code") or kind).split("#")[-1]
        return self.status, kind


def encoded(text):
    """Uri.encodeComponent"""
    return urllib.parse.quote(text, safe="-_.!~*'()")


def eventually(expected, ask):
    for _ in range(200):
        answer = ask()
        if answer == expected:
            return
        time.sleep(0.05)
    raise AssertionError(f"expected {expected!r}, still {answer!r} after 200 tries")


GONE = (404, "ResourceNotFoundException")
INVALID_STATE = (409, "InvalidStateTransitionException")


class DartTest(unittest.TestCase):
    def assert_void(self, answer):
        """Both calls are void, but the SDK casts a body to a map: it must be an object or nothing, never `null`."""
        self.assertEqual(answer.status, 200, answer.text)
        self.assertIn(answer.text, ("", "{}"))

    def assert_refused(self, answer, error):
        self.assertEqual(answer.error, error, answer.text)
        self.assertIn("application/json", answer.headers["content-type"])
        self.assertTrue(answer.json["message"])
        self.assertNotIsInstance(answer.json.get("code"), int, "a numeric code loses the message")


class DeleteJob(DartTest):
    def test_with_force(self):
        dart = Dart()
        dart.job_on("pump-1")
        self.assert_void(dart.send("DELETE", "/jobs/update?force=true"))
        eventually(GONE, dart.status)

    def test_without_force_a_bare_question_mark_remains(self):
        dart = Dart()
        dart.job_on("pump-1")
        self.assert_refused(dart.send("DELETE", "/jobs/update?"), INVALID_STATE)
        self.assertEqual(dart.status(), "IN_PROGRESS")
        dart.report("pump-1", "update", "SUCCEEDED")
        self.assert_void(dart.send("DELETE", "/jobs/update?"))
        eventually(GONE, dart.status)

    def test_with_force_false(self):
        dart = Dart()
        dart.job_on("pump-1")
        self.assert_refused(dart.send("DELETE", "/jobs/update?force=false"), INVALID_STATE)

    def test_with_a_namespace(self):
        dart = Dart()
        dart.job_on("pump-1")
        self.assert_refused(dart.send("DELETE", "/jobs/update?force=true&namespaceId=not%20valid"), (400, "InvalidRequestException"))
        self.assertEqual(dart.status(), "IN_PROGRESS")

    def test_of_an_unknown_job(self):
        self.assert_refused(Dart().send("DELETE", "/jobs/ghost?force=true"), GONE)

    def test_of_an_id_that_is_none(self):
        self.assert_refused(Dart().send("DELETE", "/jobs/not%20valid?force=true"), (400, "InvalidRequestException"))

    def test_with_an_endpoint_that_ends_with_a_slash(self):
        dart = Dart()
        dart.job_on("pump-1")
        self.assert_void(dart.with_(base="/").send("DELETE", "/jobs/update?force=true"))
        eventually(GONE, dart.status)

    def test_of_a_newer_SDK(self):
        dart = Dart(scope="iot", content_type="application/json")
        dart.job_on("pump-1")
        self.assert_void(dart.send("DELETE", "/jobs/update?force=true"))
        eventually(GONE, dart.status)


class CancelJobExecution(DartTest):
    TARGET = "/things/pump-1/jobs/update/cancel"

    def setUp(self):
        self.dart = Dart()
        self.dart.job_on("pump-1", "line-1:pump-2")

    def state(self, thing="pump-1"):
        execution = self.dart.execution(thing)
        return execution["status"], execution["versionNumber"], execution.get("statusDetails", {}).get("detailsMap", {})

    def test_of_a_waiting_execution_with_an_empty_text_plain_body(self):
        self.assert_void(self.dart.send("PUT", f"{self.TARGET}?", {}))
        self.assertEqual(self.state(), ("CANCELED", 2, {}))

    def test_with_version_and_details_in_a_text_plain_body(self):
        payload = {"expectedVersion": 1, "statusDetails": {"reason": "größer – 東京 🚀"}}
        self.assert_void(self.dart.send("PUT", f"{self.TARGET}?", payload))
        self.assertEqual(self.state(), ("CANCELED", 2, payload["statusDetails"]))

    def test_with_a_version_that_has_passed(self):
        answer = self.dart.send("PUT", f"{self.TARGET}?", {"expectedVersion": 7, "statusDetails": {"reason": "late"}})
        self.assert_refused(answer, (409, "VersionConflictException"))
        self.assertEqual(self.state(), ("QUEUED", 1, {}))

    def test_of_one_in_progress_needs_force(self):
        self.dart.report("pump-1", "update", "IN_PROGRESS")
        self.assert_refused(self.dart.send("PUT", f"{self.TARGET}?", {}), INVALID_STATE)
        self.assert_refused(self.dart.send("PUT", f"{self.TARGET}?force=false", {}), INVALID_STATE)
        self.assertEqual(self.state(), ("IN_PROGRESS", 2, {}))
        self.assert_void(self.dart.send("PUT", f"{self.TARGET}?force=true", {}))
        self.assertEqual(self.state(), ("CANCELED", 3, {}))

    def test_of_a_finished_one(self):
        self.dart.report("pump-1", "update", "SUCCEEDED")
        self.assert_refused(self.dart.send("PUT", f"{self.TARGET}?force=true", {}), INVALID_STATE)

    def test_of_a_thing_with_a_colon_in_its_name(self):
        self.assert_void(self.dart.send("PUT", "/things/line-1%3Apump-2/jobs/update/cancel?", {}))
        self.assertEqual(self.state("line-1:pump-2")[0], "CANCELED")
        self.assertEqual(self.state("pump-1")[0], "QUEUED")

    def test_of_an_unknown_execution(self):
        self.assert_refused(self.dart.send("PUT", "/things/pump-1/jobs/ghost/cancel?", {}), GONE)
        self.assert_refused(self.dart.send("PUT", "/things/ghost/jobs/update/cancel?", {}), GONE)

    def test_with_too_many_details(self):
        details = {f"key-{i}": "value" for i in range(11)}
        self.assert_refused(self.dart.send("PUT", f"{self.TARGET}?", {"statusDetails": details}), (400, "InvalidRequestException"))

    def test_with_an_endpoint_that_ends_with_a_slash(self):
        self.assert_void(self.dart.with_(base="/").send("PUT", f"{self.TARGET}?", {}))
        self.assertEqual(self.state()[0], "CANCELED")

    def test_of_a_newer_SDK(self):
        self.assert_void(self.dart.with_(scope="iot", content_type="application/json").send("PUT", f"{self.TARGET}?", {}))
        self.assertEqual(self.state()[0], "CANCELED")


class DataPlane(DartTest):
    def test_next_is_percent_encoded_in_both_calls_that_have_it(self):
        dart = Dart()
        dart.job_on("pump-1")
        for endpoint in (dart.with_(scope="iot-jobs-data"), dart.with_(scope="iot-jobs-data", base="/iot-jobs-data/")):
            execution = endpoint.ok("GET", "/things/pump-1/jobs/%24next?")["execution"]
            self.assertEqual((execution["jobId"], type(execution["queuedAt"])), ("update", int))
            self.assertEqual(endpoint.ok("PUT", "/things/pump-1/jobs/%24next?", {})["execution"]["status"], "IN_PROGRESS")
        self.assertEqual(dart.execution("pump-1")["versionNumber"], 2)


if __name__ == "__main__":
    unittest.main()
