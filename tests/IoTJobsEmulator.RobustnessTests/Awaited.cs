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

    /// <summary>A chunk whose size has more digits than a number can have is answered with 400, not 500.</summary>
    public static readonly bool OverlongChunkSizesAreRefused = All || false;

    /// <summary>
    /// A method such as <c>Head</c>, which is HEAD to ASP.NET Core and an unknown method to Kestrel, is answered with 405 in AWS's form, not with an
    /// empty 500.
    /// </summary>
    public static readonly bool OtherSpellingsOfHeadAreRefused = All || false;
}
