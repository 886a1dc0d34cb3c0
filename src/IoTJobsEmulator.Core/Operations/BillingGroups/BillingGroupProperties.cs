using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <summary>What a caller may say of a billing group, and how it is described. Source: API_BillingGroupProperties.</summary>
public sealed record BillingGroupProperties : IStructure
{
    [BillingGroupDescription] public string? BillingGroupDescription { get; init; }
}
