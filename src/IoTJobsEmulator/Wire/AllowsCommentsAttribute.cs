namespace IoTJobsEmulator.Wire;

/// <summary>People write this body in files: comments and trailing commas are allowed in it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AllowsCommentsAttribute : Attribute;
