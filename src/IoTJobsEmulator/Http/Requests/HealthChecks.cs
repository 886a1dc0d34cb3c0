namespace IoTJobsEmulator.Http.Requests;

/// <summary>Requests that ask whether the emulator is there, as containers and scripts do again and again.</summary>
internal static class HealthChecks
{
    /// <summary>Where it is asked whether the process answers, and whether the emulator takes turns.</summary>
    public const string Health = "/_emulator/health", Ready = "/_emulator/ready";

    /// <summary>Where tools made for LocalStack ask.</summary>
    public const string HealthOfLocalStack = "/_localstack/health";

    public static bool Contain(HttpRequest request) => request.Path.Value is Health or Ready or HealthOfLocalStack;
}
