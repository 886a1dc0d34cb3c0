namespace IoTJobsEmulator.Core.Tests;

public sealed class EnumTextTests
{
    /// <summary>The name of a member is found by its number.</summary>
    [Fact]
    public void The_members_of_every_enum_are_numbered_from_0_without_gaps() => Assert.All(
        typeof(EnumText<>).Assembly.GetTypes().Where(type => type.IsEnum),
        type =>
        {
            Assert.Equal(typeof(int), Enum.GetUnderlyingType(type));
            Assert.Equal(Enumerable.Range(0, Enum.GetValues(type).Length), Enum.GetValues(type).Cast<int>());
        });
}
