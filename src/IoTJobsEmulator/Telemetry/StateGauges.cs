using System.Diagnostics.Metrics;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// What is there at the moment, over all accounts and regions. It is read when somebody asks, in turns after the requests that wait for theirs. Executions are
/// added up from the counts of the jobs, <see cref="JobsPerTurn"/> jobs in a turn.
/// </summary>
internal sealed class StateGauges(TurnGate turns, EmulatorClock clock, MqttBroker broker)
{
    private const int JobsPerTurn = 2000;

    private static readonly Place<Number> NewestFirst = new(long.MinValue, long.MinValue);

    private static readonly JobFilter[] AnyStatus = [.. Enum.GetValues<JobStatus>().Select(status => new JobFilter(status, null, null, null))];

    public void CreateIn(Meter meter)
    {
        meter.CreateObservableUpDownCounter("iotjobs.tenants", () => InTurn(static world => world.Realms.Count), "{tenant}", "Accounts and regions that have anything.");
        meter.CreateObservableUpDownCounter(
            "iotjobs.things", () => InTurn(static world => world.Realms.Sum(static realm => (long)realm.Things.Count)), "{thing}", "Things.");
        meter.CreateObservableUpDownCounter("iotjobs.jobs", Jobs, "{job}", "Jobs by status.");
        meter.CreateObservableUpDownCounter("iotjobs.executions", Executions, "{execution}", "Job executions by status.");
        meter.CreateObservableUpDownCounter("iotjobs.mqtt.connections", () => broker.Connections.Count, "{connection}", "MQTT clients that are connected.");
        meter.CreateObservableUpDownCounter("iotjobs.journal.backlog", () => turns.Journal.Backlog, "{change}", "Changes of rows that wait for SQLite.");
        meter.CreateObservableUpDownCounter(
            "iotjobs.due_work", () => InTurn(DueWork.CountDue), "{duty}", "Duties that are due and not done yet, counted for each account and region.");
        meter.CreateObservableGauge("iotjobs.clock.time", () => clock.Now.Milliseconds / 1000.0, "s", "The emulator's time, in seconds since 1970.");
    }

    private T InTurn<T>(Func<World, T> read) => turns.InTurn(read, afterWaiters: true);

    private IEnumerable<Measurement<long>> Jobs()
    {
        var counts = InTurn(static world => Array.ConvertAll(AnyStatus, filter => world.Realms.Sum(realm => (long)realm.Jobs.ByFilter.Count(filter))));
        return AnyStatus.Select((filter, i) => Of(counts[i], "iotjobs.job.status", filter.Status.ToString()));
    }

    private IEnumerable<Measurement<long>> Executions()
    {
        var statuses = Enum.GetValues<JobExecutionStatus>();
        var counts = new long[statuses.Length];
        foreach (var realm in InTurn(static world => world.Realms.ToArray()))
        {
            for (Job? last = null; ;)
            {
                var place = last is null ? NewestFirst : new(-last.CreatedAt.Milliseconds, -last.Ordinal);
                var jobs = InTurn(_ => realm.Jobs.ByFilter.MergedRowsAfter(AnyStatus, place).Take(JobsPerTurn).ToArray());
                foreach (var job in jobs)
                {
                    for (var i = 0; i < counts.Length; i++)
                        counts[i] += job.Counts.Of(statuses[i]);
                }
                if (jobs.Length < JobsPerTurn)
                    break;
                last = jobs[^1];
            }
        }
        return statuses.Select((status, i) => Of(counts[i], "iotjobs.execution.status", status.ToString()));
    }

    private static Measurement<long> Of(long value, string attribute, string text) => new(value, new KeyValuePair<string, object?>(attribute, text));
}
