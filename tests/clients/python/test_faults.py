"""Faults as boto3 meets them with its own retries on, and the journal of requests beside what it did."""

import unittest

import boto3
from botocore.config import Config

from emulator import URL, Account, emulator, plain, refused


class Faults(unittest.TestCase):
    def setUp(self):
        self.home = Account()
        self.iot = self.retrying("iot")
        self.device = self.retrying("iot-jobs-data")
        self.addCleanup(emulator, "DELETE", "/faults")

    def retrying(self, service):
        return boto3.client(
            service,
            endpoint_url=URL,
            region_name=self.home.region,
            aws_access_key_id=self.home.id,
            aws_secret_access_key="any",
            config=Config(retries={"mode": "standard", "total_max_attempts": 3}),
        )

    def fault(self, **rule):
        return emulator("POST", "/faults", {"account": self.home.id, **rule})["faults"][0]

    def asked(self, operation, **more):
        query = "&".join(f"{name}={value}" for name, value in {"operation": operation, "account": self.home.id, **more}.items())
        return emulator("GET", f"/requests?{query}")["requests"]

    def test_a_throttled_client_tries_again(self):
        self.fault(operation="CreateThing", error="ThrottlingException", times=2)
        answer = self.iot.create_thing(thingName="pump-1")
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 2)
        self.assertEqual([(request["status"], request.get("error")) for request in self.asked("CreateThing")], [(400, "ThrottlingException")] * 2 + [(200, None)])
        self.assertEqual(emulator("GET", "/faults")["faults"], [])

    def test_a_client_that_is_always_throttled_gives_up(self):
        self.fault(operation="DescribeThing", error="ThrottlingException")
        with refused("ThrottlingException", 400, "Rate exceeded"):
            self.iot.describe_thing(thingName="pump-1")
        self.assertEqual(len(self.asked("DescribeThing", status="errors")), 3)

    def test_a_lost_answer_makes_a_client_do_it_twice(self):
        self.home.things("pump-1")
        self.fault(operation="CreateJob", drop="after", times=1)
        with refused("ResourceAlreadyExistsException", 409):
            self.iot.create_job(jobId="install", targets=[self.home.arn("thing/pump-1")], document='{"operation":"other"}')
        self.assertEqual(self.home.job_ids(), ["install"])
        lost, second = self.asked("CreateJob")
        self.assertEqual((lost.get("status"), lost["fault"]["effect"], second["status"]), (None, "drop after", 409))

    def test_a_lost_request_is_sent_again(self):
        self.fault(operation="CreateThing", drop=True, times=1)
        self.assertEqual(self.iot.create_thing(thingName="pump-1")["ResponseMetadata"]["RetryAttempts"], 1)
        self.assertEqual(self.home.iot.describe_thing(thingName="pump-1")["version"], 1)

    def test_a_stale_version_leaves_the_execution_as_it_is(self):
        self.home.things("pump-1")
        self.home.job("install", "thing/pump-1")
        before = plain(self.home.iot.describe_job_execution(jobId="install", thingName="pump-1"))
        self.fault(operation="UpdateJobExecution", thing="pump-*", jobId="install", error={"name": "VersionConflictException", "message": "Expected version 1 but found version 2"}, times=1)
        with refused("InvalidStateTransitionException", 409, "Expected version 1 but found version 2"):
            self.device.update_job_execution(jobId="install", thingName="pump-1", status="SUCCEEDED", expectedVersion=1)
        self.assertEqual(plain(self.home.iot.describe_job_execution(jobId="install", thingName="pump-1")), before)
        self.device.update_job_execution(jobId="install", thingName="pump-1", status="SUCCEEDED", expectedVersion=1)

    def test_the_journal_has_what_boto3_did(self):
        self.home.things("pump-1")
        self.home.job("install", "thing/pump-1")
        self.device.start_next_pending_job_execution(thingName="pump-1")
        self.device.update_job_execution(jobId="install", thingName="pump-1", status="SUCCEEDED", statusDetails={"step": "done"})
        asked = emulator("GET", f"/requests?account={self.home.id}&count=4&wait=10s&include=output")["requests"]
        self.assertEqual(
            [(request["service"], request["operation"], request["status"]) for request in asked],
            [("iot", "CreateThing", 200), ("iot", "CreateJob", 200), ("iot-jobs-data", "StartNextPendingJobExecution", 200), ("iot-jobs-data", "UpdateJobExecution", 200)],
        )
        self.assertEqual(asked[3]["input"], {"thingName": "pump-1", "jobId": "install", "status": "SUCCEEDED", "statusDetails": {"step": "done"}})
        self.assertEqual(asked[2]["output"]["execution"]["jobId"], "install")
        self.assertIn("Boto3", asked[0]["userAgent"])
        self.assertNotIn("Signature=", str(asked))
        self.assertEqual(emulator("GET", f"/requests/count?account={self.home.id}&thing=pump-1")["count"], 3)


if __name__ == "__main__":
    unittest.main()
