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
    public static readonly bool LoneSurrogatesAreRefusedOverMqtt = All || false;

    /// <summary>A chunk whose size has more digits than a number can have is answered with 400, not 500.</summary>
    public static readonly bool OverlongChunkSizesAreRefused = All || false;

    /// <summary>
    /// A method such as <c>Head</c>, which is HEAD to ASP.NET Core and an unknown method to Kestrel, is answered with 405 in AWS's form, not with an
    /// empty 500.
    /// </summary>
    public static readonly bool OtherSpellingsOfHeadAreRefused = All || false;
}
