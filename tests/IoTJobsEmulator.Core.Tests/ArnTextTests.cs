namespace IoTJobsEmulator.Core.Tests;

/// <summary>ARNs in two parts: nobody may tell where they are divided.</summary>
public sealed class ArnTextTests
{
    private const string Things = "arn:aws:iot:us-east-1:123456789012:thing/";

    [Theory]
    [InlineData("", Things + "pump-1")]
    [InlineData(Things, "pump-1")]
    [InlineData(Things + "pump-", "1")]
    [InlineData(Things + "pump-1", "")]
    public void It_is_the_same_wherever_it_is_divided(string prefix, string name)
    {
        var divided = new ArnText(prefix, name);
        ArnText whole = Things + "pump-1";

        Assert.Equal(whole, divided);
        Assert.Equal(whole.GetHashCode(), divided.GetHashCode());
        Assert.Equal((Things + "pump-1", Things + "pump-1"), ((string)divided, $"{divided}"));
    }

    [Fact]
    public void It_differs_with_either_part()
    {
        Assert.NotEqual(new ArnText(Things, "pump-1"), new ArnText(Things, "pump-2"));
        Assert.NotEqual(new ArnText(Things, "pump-1"), new ArnText(Things.Replace("us-east-1", "eu-west-1", StringComparison.Ordinal), "pump-1"));
    }
}
