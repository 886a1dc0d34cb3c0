namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>The ARNs of the realm's resources, written out and not built as the emulator builds them.</summary>
internal static class Arns
{
    /// <summary>What ARNs of the realm begin with.</summary>
    public const string ArnPrefix = "arn:aws:iot:us-east-1:123456789012:";

    public static string ThingArn(string thing) => $"{ArnPrefix}thing/{thing}";

    public static string GroupArn(string group) => $"{ArnPrefix}thinggroup/{group}";

    public static string JobArn(string jobId) => $"{ArnPrefix}job/{jobId}";

    public static string TemplateArn(string jobTemplateId) => $"{ArnPrefix}jobtemplate/{jobTemplateId}";
}
