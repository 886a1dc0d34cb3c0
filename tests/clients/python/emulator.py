"""What all tests here share: boto3 clients of an account, words for things and jobs, the emulator's own endpoints, waiting."""

import contextlib
import datetime
import json
import os
import random
import time
import urllib.request

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ.get("EMULATOR_URL", "http://127.0.0.1:8080").rstrip("/")
REGION = os.environ.get("AWS_DEFAULT_REGION", "us-west-2")
PREFIX = "/iot-jobs-data"
DEFAULT_ACCOUNT = "123456789012"


def client(service, account=DEFAULT_ACCOUNT, region=REGION, prefix="", signed=True, **config):
    """`account` is the access key id: twelve digits are the account."""
    return boto3.client(
        service,
        endpoint_url=URL + prefix,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="any",
        config=Config(parameter_validation=False, retries={"max_attempts": 0}, **({} if signed else {"signature_version": UNSIGNED}), **config),
    )


class Account:
    """A fresh account: nothing of other tests is in it."""

    def __init__(self, account=None, region=REGION):
        self.id = account or str(random.randrange(10**11, 10**12))
        self.region = region
        self.iot = client("iot", self.id, region)
        self.device = client("iot-jobs-data", self.id, region)

    def arn(self, resource):
        return f"arn:aws:iot:{self.region}:{self.id}:{resource}"

    def things(self, *names):
        for name in names:
            self.iot.create_thing(thingName=name)

    def job(self, job_id, *targets, **more):
        """Targets in short: `thing/pump-1`, `thinggroup/pumps`."""
        request = {"document": '{"operation":"install"}', **more}
        return self.iot.create_job(jobId=job_id, targets=[self.arn(target) for target in targets], **request)

    def status(self, job_id):
        """The status of a job, or that it is gone."""
        try:
            return self.iot.describe_job(jobId=job_id)["job"]["status"]
        except self.iot.exceptions.ResourceNotFoundException:
            return "gone"

    def job_ids(self):
        return sorted(job["jobId"] for page in self.iot.get_paginator("list_jobs").paginate() for job in page["jobs"])


def plain(answer):
    """An answer without what boto3 adds to it."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def call(method, path, body=None):
    """One plain HTTP call: status, headers, JSON body (None when empty)."""
    request = urllib.request.Request(
        URL + path, method=method, data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer.status, answer.headers, json.loads(text) if text else None
    except urllib.error.HTTPError as refusal:
        with refusal:
            text = refusal.read()
            return refusal.code, refusal.headers, json.loads(text) if text else None


def emulator(method, path, body=None):
    """One of the emulator's own endpoints."""
    status, _, answer = call(method, "/_emulator" + path, body)
    if status not in (200, 204):
        raise AssertionError(f"{method} /_emulator{path} answered {status}: {answer}")
    return answer


def utc(text):
    """A moment as the clock's endpoint writes it, with or without a fraction."""
    return datetime.datetime.fromisoformat(text.rstrip("Z")[:26]).replace(tzinfo=datetime.timezone.utc)


def machine_now():
    return datetime.datetime.now(datetime.timezone.utc)


@contextlib.contextmanager
def clock_stopped_at(moment):
    """The emulator's clock stands at this moment and moves only when told; afterwards it is right and runs again."""
    emulator("PUT", "/clock", {"now": moment, "frozen": True})
    try:
        yield lambda by: emulator("POST", "/clock/advance", {"by": by})
    finally:
        emulator("PUT", "/clock", {"now": machine_now().strftime("%Y-%m-%dT%H:%M:%SZ"), "frozen": False})


def eventually(expected, ask):
    """Asks again until the answer is as expected; what comes of itself needs a moment."""
    for _ in range(200):
        answer = ask()
        if answer == expected:
            return
        time.sleep(0.05)
    raise AssertionError(f"expected {expected!r}, still {answer!r} after 200 tries")


@contextlib.contextmanager
def refused(name, status, message=""):
    """The call inside is refused with this error: its name, its HTTP status, and this within its message."""
    try:
        yield
    except ClientError as error:
        seen = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert seen == (name, status), f"expected {(name, status)}, got {seen}: {error}"
        assert message in error.response["Error"]["Message"], error.response["Error"]["Message"]
        assert error.response["Error"]["Message"], "an error without a message"
        assert error.response["ResponseMetadata"]["HTTPHeaders"].get("x-amzn-requestid"), "x-amzn-RequestId is missing"
        return
    raise AssertionError(f"expected {name}, but it was answered")
