using System.Diagnostics;
using IoTJobsEmulator.Benchmarks;
using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;
using IoTJobsEmulator.Benchmarks.Workloads;

if (args is [LimitServer.Argument, var plan])
    return await LimitServer.Run(plan);
try
{
    var options = Options.Read(args);
    if (options.IsList)
    {
        foreach (var workload in Workload.All)
            Console.WriteLine($"{workload.Name,-16} {workload.What}");
        return 0;
    }
    foreach (var unknown in options.Only.Except(Workload.All.Select(workload => workload.Name)))
        throw new BenchmarkException($"There is no workload {unknown}; --list names them.");
    var haveFailed = 0;
    var began = Stopwatch.GetTimestamp();
    using var reporter = new Reporter(options.JsonFile);
    using var published = new Published();
    Children.EndWhenInterrupted(published.Dispose);
    var bench = new Bench(options, published, reporter);
    foreach (var workload in Workload.All.Where(workload => options.Only.Count == 0 || options.Only.Contains(workload.Name)))
    {
        Reporter.Say($"{Stopwatch.GetElapsedTime(began):mm\\:ss} {workload.Name}: {workload.What}");
        try
        {
            workload.Run(bench);
        }
        catch (Exception exception)
        {
            Reporter.Say($"{workload.Name} failed: {exception}");
            haveFailed++;
        }
    }
    reporter.WriteTable();
    return haveFailed == 0 ? 0 : 1;
}
catch (BenchmarkException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
