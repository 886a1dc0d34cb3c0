namespace IoTJobsEmulator.Core.Tests;

/// <summary>Names of enum members, as they stand on the wire.</summary>
public sealed class EnumTextTests
{
    [Fact]
    public void Each_member_has_its_name_and_is_found_by_it()
    {
        Check<JobStatus>();
        Check<JobExecutionStatus>();
        Check<TargetSelection>();
        Check<JobExecutionFailureType>();
        Check<RetryableFailureType>();
        Check<AbortAction>();
        Check<JobEndBehavior>();
        Check<DynamicGroupStatus>();
        Check<ThingPrincipalType>();
        Check<EventType>();

        static void Check<T>() where T : struct, Enum
        {
            foreach (var member in Enum.GetValues<T>())
            {
                EnumText<T> text = member;
                Assert.Equal((member.ToString(), true, member), (text.Text, text.IsDefined, text.Value));
                Assert.Equal(text, new EnumText<T>(member.ToString()));
            }
        }
    }

    [Fact]
    public void A_text_that_names_no_member_is_kept()
    {
        var text = new EnumText<JobStatus>("in_progress");

        Assert.Equal(("in_progress", false), (text.Text, text.IsDefined));
        Assert.Throws<FormatException>(() => text.Value);
    }
}
