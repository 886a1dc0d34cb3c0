namespace IoTJobsEmulator.RobustnessTests.Files;

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

    /// <summary>A file is examined as a whole at the start, so that damage to any page of it is found.</summary>
    public static readonly bool DamageIsFoundAtTheStart = All || false;

    /// <summary>A write that the file system refuses is answered with 503, and the process lives.</summary>
    public static readonly bool FullDisksAreSurvived = All || false;
}
