namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>Something that users of the emulator wait for, and what it is measured against.</summary>
internal abstract class Workload(string name, string what)
{
    public string Name => name;

    /// <summary>What is measured, in a line.</summary>
    public string What => what;

    public abstract void Run(Bench bench);

    public static IReadOnlyList<Workload> All { get; } =
    [
        new DescribeJob(),
        new PendingExecutions(),
        new NextExecution(),
        new ListOfJobs(),
        new CreateOfJobs(),
        new DeviceLoop(),
        new JobLife(),
        new Paging(),
        new FanOut(),
        new Meanwhile(),
        new Advancing(),
        new Restoring(),
        new Stored(),
        new StartUp(),
        new FirstCalls(),
        new StartWithDatabase(),
        new IdleMemory(),
        new MqttFleet(),
    ];
}
