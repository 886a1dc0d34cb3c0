namespace IoTJobsEmulator.Core;

/// <summary>The account and region that a resource, a request or an event belongs to.</summary>
/// <param name="Account">The account's id: twelve digits.</param>
/// <param name="Region">The region's code, such as <c>us-east-1</c>.</param>
public readonly record struct Tenant(string Account, string Region);
