namespace IoTJobsEmulator.RobustnessTests;

/// <summary>
/// What the emulator is wanted to do and does not do yet. A test of it runs when its switch is true, or when AWAITED=1 is in the environment.
/// </summary>
internal static class Awaited
{
    private static readonly bool All = Environment.GetEnvironmentVariable("AWAITED") == "1";

    /// <summary>
    /// A device's payload with half of a surrogate pair (<c>"\udc00"</c>) is rejected as any other wrong one: where no text belongs it is no
    /// InternalError, and in the name of a member it does not end the connection.
    /// </summary>
    public static readonly bool LoneSurrogatesAreRefusedOverMqtt = All || true;
}
