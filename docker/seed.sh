#!/usr/bin/env bash
# Gives an emulator a small fleet: three pumps in a group, a job for them as they are now, and one that follows the group.
#
#   docker compose run --rm seed                           inside the composition
#   AWS_ENDPOINT_URL=http://localhost:8080 docker/seed.sh  with this machine's AWS CLI
#
# May be run again: what is there already is left as it is.
set -euo pipefail
endpoint=${AWS_ENDPOINT_URL:-http://localhost:8080}
# Signatures are not checked. Twelve digits are an account of their own; any other key id is the default account.
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-test} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-test}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1} AWS_PAGER=''

iot() { aws --endpoint-url "$endpoint" iot "$@"; }
arn_of() { iot "$@" --output text; }

group=$(arn_of create-thing-group --thing-group-name pumps --query thingGroupArn)
for thing in pump-1 pump-2 pump-3; do
  arn_of create-thing --thing-name "$thing" --query thingArn
  iot add-thing-to-thing-group --thing-group-name pumps --thing-name "$thing"
done

create_job() {
  local job=$1
  shift
  arn_of describe-job --job-id "$job" --query job.jobArn 2>/dev/null ||
    arn_of create-job --job-id "$job" --targets "$group" --query jobArn "$@"
}
create_job update-firmware --document '{"operation": "update", "url": "https://example.com/firmware-2.bin"}'
create_job keep-configured --document '{"operation": "configure", "interval": 60}' --target-selection CONTINUOUS
