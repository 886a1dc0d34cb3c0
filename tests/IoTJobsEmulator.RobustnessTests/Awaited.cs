namespace IoTJobsEmulator.RobustnessTests;

/// <summary>
/// What the emulator is wanted to do and does not do yet. A test of it runs when its switch is true, or when AWAITED=1 is in the environment.
/// </summary>
internal static class Awaited
{
    private static readonly bool All = Environment.GetEnvironmentVariable("AWAITED") == "1";

    /// <summary>A write is refused with 503 when the file was removed, replaced or cut since it was opened.</summary>
    public static readonly bool LostFilesAreNoticed = All || false;

    /// <summary>A second emulator is refused when it names the same file by a hard link.</summary>
    public static readonly bool HardLinksAreRefused = All || false;

    /// <summary>A file is examined as a whole at the start, so that damage to any page of it is found, those of indexes included.</summary>
    public static readonly bool DamageOfAnyPageIsFoundAtTheStart = All || false;

    /// <summary>A write beyond the largest file that the process may write is answered with 503, and SIGXFSZ does not end it.</summary>
    public static readonly bool FileSizeLimitsAreSurvived = All || false;

    /// <summary>
    /// A device's payload with half of a surrogate pair (<c>"\udc00"</c>) is rejected as any other wrong one: where no text belongs it is no
    /// InternalError, and in the name of a member it does not end the connection.
    /// </summary>
    public static readonly bool LoneSurrogatesAreRefusedOverMqtt = All || true;
}
