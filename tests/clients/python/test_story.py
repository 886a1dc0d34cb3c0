"""The main story as boto3 tells it, with the device signed, signed through the path prefix, and unsigned through the prefix."""

import unittest

from emulator import DEFAULT_ACCOUNT, PREFIX, Account, client, eventually, machine_now, plain, refused

DOCUMENT = '{\n  "operation": "install",\n  "name": "größer – 東京 🚀"\n}'
THING = "line-1:pump-1"
JOB = "update-firmware"


class Story(unittest.TestCase):
    def test_a_signed_device_runs_a_job_to_its_end_and_the_job_is_deleted(self):
        home = Account()
        self.tell(home, home.device)

    def test_a_signed_device_behind_the_path_prefix_does_so_too(self):
        home = Account()
        self.tell(home, client("iot-jobs-data", home.id, prefix=PREFIX))

    def test_an_unsigned_device_behind_the_path_prefix_does_so_too(self):
        # Unsigned, nobody says whose the thing is: the emulator finds the one account and region that has it.
        home = Account(region="eu-central-1")
        self.tell(home, client("iot-jobs-data", prefix=PREFIX, signed=False), thing=f"line-1:pump-{home.id}")

    def tell(self, home, device, thing=THING):
        iot = home.iot
        created = iot.create_thing(thingName=thing, attributePayload={"attributes": {"model": "P-100"}})
        self.assertEqual(created["thingArn"], home.arn(f"thing/{thing}"))
        described = plain(iot.describe_thing(thingName=thing))
        self.assertEqual(
            described,
            {
                "defaultClientId": thing,
                "thingName": thing,
                "thingId": created["thingId"],
                "thingArn": created["thingArn"],
                "attributes": {"model": "P-100"},
                "version": 1,
            },
        )

        answer = plain(iot.create_job(jobId=JOB, targets=[created["thingArn"]], document=DOCUMENT, description="größer – 東京 🚀"))
        self.assertEqual(answer, {"jobArn": home.arn(f"job/{JOB}"), "jobId": JOB, "description": "größer – 東京 🚀"})
        self.assertEqual(iot.get_job_document(jobId=JOB)["document"], DOCUMENT)

        job = iot.describe_job(jobId=JOB)["job"]
        for moment in ("createdAt", "lastUpdatedAt"):
            self.assertLess(abs((machine_now() - job.pop(moment)).total_seconds()), 60, moment)
        counters = job.pop("jobProcessDetails")
        self.assertEqual(counters.pop("numberOfQueuedThings"), 1)
        self.assertEqual((len(counters), set(counters.values())), (7, {0}))
        self.assertEqual(
            job,
            {
                "jobArn": home.arn(f"job/{JOB}"),
                "jobId": JOB,
                "description": "größer – 東京 🚀",
                "status": "IN_PROGRESS",
                "targetSelection": "SNAPSHOT",
                "targets": [created["thingArn"]],
                "isConcurrent": False,
                "presignedUrlConfig": {},
                "jobExecutionsRolloutConfig": {},
                "timeoutConfig": {},
                "schedulingConfig": {},
            },
        )

        pending = plain(device.get_pending_job_executions(thingName=thing))
        self.assertEqual((pending["inProgressJobs"], len(pending["queuedJobs"])), ([], 1))
        self.assertIs(type(pending["queuedJobs"][0]["queuedAt"]), int)

        started = device.start_next_pending_job_execution(thingName=thing, statusDetails={"step": "größer 🚀"})["execution"]
        self.assertEqual((started["jobId"], started["status"], started["versionNumber"]), (JOB, "IN_PROGRESS", 2))
        self.assertEqual((started["jobDocument"], started["statusDetails"]), (DOCUMENT, {"step": "größer 🚀"}))
        self.assertLess(abs(started["startedAt"] - machine_now().timestamp()), 60)

        with refused("InvalidStateTransitionException", 409, "Expected version 1 but found version 2"):
            device.update_job_execution(thingName=thing, jobId=JOB, status="SUCCEEDED", expectedVersion=1)
        state = device.update_job_execution(
            thingName=thing, jobId=JOB, status="SUCCEEDED", expectedVersion=2, includeJobExecutionState=True
        )["executionState"]
        self.assertEqual(state, {"status": "SUCCEEDED", "statusDetails": {"step": "größer 🚀"}, "versionNumber": 3})

        execution = iot.describe_job_execution(thingName=thing, jobId=JOB)["execution"]
        self.assertEqual(execution["statusDetails"], {"detailsMap": {"step": "größer 🚀"}})
        self.assertLessEqual(execution["queuedAt"], execution["startedAt"])
        self.assertLessEqual(execution["startedAt"], execution["lastUpdatedAt"])
        self.assertEqual(home.status(JOB), "COMPLETED")
        with refused("TerminalStateException", 410):
            device.describe_job_execution(thingName=thing, jobId=JOB)
        self.assertEqual(plain(device.start_next_pending_job_execution(thingName=thing)), {})

        self.assertEqual(plain(iot.delete_job(jobId=JOB)), {})
        eventually("gone", lambda: home.status(JOB))
        with refused("ResourceNotFoundException", 404):
            device.describe_job_execution(thingName=thing, jobId=JOB)
        home.job(JOB, f"thing/{thing}")
        again = device.describe_job_execution(thingName=thing, jobId="$next")["execution"]
        self.assertEqual((again["jobId"], again["executionNumber"], again["versionNumber"]), (JOB, 1, 1))


class UnsignedCallers(unittest.TestCase):
    def test_an_unsigned_caller_has_the_default_account_and_region(self):
        iot = client("iot", signed=False)
        name = f"unsigned-{Account().id}"
        arn = iot.create_thing(thingName=name)["thingArn"]
        self.assertEqual(arn, f"arn:aws:iot:us-east-1:{DEFAULT_ACCOUNT}:thing/{name}")
        signed = client("iot", DEFAULT_ACCOUNT, "us-east-1")
        self.assertEqual(signed.describe_thing(thingName=name)["thingArn"], arn)
        with refused("ResourceNotFoundException", 404):
            client("iot", DEFAULT_ACCOUNT, "eu-west-3").describe_thing(thingName=name)

    def test_without_signature_or_prefix_the_control_plane_answers_what_both_planes_have(self):
        iot = client("iot", signed=False)
        name = f"unsigned-{Account().id}"
        iot.create_thing(thingName=name)
        self.assertEqual(plain(iot.list_job_executions_for_thing(thingName=name))["executionSummaries"], [])

    def test_an_unsigned_device_without_a_prefix_is_known_by_what_only_devices_ask(self):
        home = Account(DEFAULT_ACCOUNT, "us-east-1")
        name = f"unsigned-{Account().id}"
        job_id = f"unsigned-{name}"
        home.things(name)
        home.job(job_id, f"thing/{name}")
        device = client("iot-jobs-data", signed=False)
        self.assertEqual(device.describe_job_execution(thingName=name, jobId="$next")["execution"]["jobId"], job_id)
        self.assertEqual(device.start_next_pending_job_execution(thingName=name)["execution"]["versionNumber"], 2)
        device.update_job_execution(thingName=name, jobId=job_id, status="SUCCEEDED")
        self.assertEqual(home.status(job_id), "COMPLETED")


class AwkwardNames(unittest.TestCase):
    def test_colons_and_reserved_words_are_names_like_others(self):
        home = Account()
        for thing, group, job in [("a:b_c-d", "g:h", "get"), ("jobs", "things", "jobs"), ("thing-groups", "jobs", "cancel"), ("x" * 128, "z" * 128, "y" * 64)]:
            home.things(thing)
            home.iot.create_thing_group(thingGroupName=group)
            home.iot.add_thing_to_thing_group(thingName=thing, thingGroupArn=home.arn(f"thinggroup/{group}"))
            home.job(job, f"thinggroup/{group}")
            execution = home.iot.describe_job_execution(thingName=thing, jobId=job)["execution"]
            self.assertEqual((execution["thingArn"], execution["jobId"]), (home.arn(f"thing/{thing}"), job))
            self.assertEqual(home.iot.list_things_in_thing_group(thingGroupName=group)["things"], [thing])
            self.assertEqual([g["groupName"] for g in home.iot.list_thing_groups_for_thing(thingName=thing)["thingGroups"]], [group])
            self.assertEqual(home.device.start_next_pending_job_execution(thingName=thing)["execution"]["jobId"], job)
            home.iot.cancel_job_execution(thingName=thing, jobId=job, force=True)
            home.iot.delete_job_execution(thingName=thing, jobId=job, executionNumber=1)
            self.assertEqual(home.iot.list_job_executions_for_job(jobId=job)["executionSummaries"], [])

    def test_what_is_no_name_is_refused_word_for_word_as_AWS_does(self):
        home = Account()
        pattern = "failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"
        with refused("InvalidRequestException", 400, f"1 validation error detected: Value 'größer' at 'jobId' {pattern}"):
            home.iot.describe_job(jobId="größer")
        with refused("InvalidRequestException", 400, f"at 'jobId' {pattern}"):
            home.iot.describe_job(jobId="a/b")
        with refused("InvalidRequestException", 400, "2 validation errors detected: "):
            home.iot.list_jobs(status="DONE", maxResults=251)

    def test_lengths_are_counted_by_code_point(self):
        home = Account()
        home.things("pump-1")
        home.job("fits", "thing/pump-1", description="🚀" * 2028)
        self.assertEqual(home.iot.describe_job(jobId="fits")["job"]["description"], "🚀" * 2028)
        with refused("InvalidRequestException", 400, "less than or equal to 2028"):
            home.job("too-long", "thing/pump-1", description="🚀" * 2029)


if __name__ == "__main__":
    unittest.main()
