namespace IoTJobsEmulator.Benchmarks;

/// <summary>Something went wrong that makes the figures worthless.</summary>
internal class BenchmarkException(string message) : Exception(message);

/// <summary>The endpoint does not have what a workload needs.</summary>
internal sealed class LacksException(string message) : BenchmarkException(message);
