using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Api = IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>
/// What pump-1 is told on the topics of namespaces: the list of a namespace is its own, its head is announced only while nothing of another
/// namespace, or of none, stands before it. Jobs are named after their namespace: <c>g1</c> is of <c>g</c>, <c>p1</c> of none.
/// Source: observed, https://github.com/aws-greengrass/aws-greengrass-lite/issues/1151.
/// </summary>
public sealed class NamespaceNotificationTests
{
    private readonly TestRealm _test = new();

    private const string None = "p";

    public NamespaceNotificationTests() => _test.CreateThings("pump-1");

    /// <summary>
    /// Each row: what was done before, what is done then, what is told. <c>+g1</c> creates a job, <c>&gt;g1</c> reports IN_PROGRESS,
    /// <c>-g1</c> SUCCEEDED, <c>xg1</c> cancels the execution with force, <c>dg1</c> deletes the job with force.
    /// </summary>
    [Theory]
    [InlineData("", "+g1", "g: g1", "g next g1")]
    [InlineData("+g1", "+g2", "g: g1 g2")]
    [InlineData("+p1", "+g1", "g: g1")]
    [InlineData("+h1", "+g1", "g: g1")]
    [InlineData("+g1", "+p1", "p: p1", "p next p1")]
    [InlineData("+g1", ">g1")]
    [InlineData("+g1", "-g1", "g:", "g next none")]
    [InlineData("+g1 +g2", "-g1", "g: g2", "g next g2")]
    [InlineData("+g1 +g2", "-g2", "g: g1")]
    [InlineData("+g1 +g2", ">g2", "g next g2")]
    [InlineData("+p1 +g1", "-p1", "p:", "p next none", "g next g1")]
    [InlineData("+p1 +g1", "xp1", "p:", "p next none", "g next g1")]
    [InlineData("+p1 +g1", "-g1", "g:")]
    [InlineData("+p1 +g1 +g2", "-g1", "g: g2")]
    [InlineData("+p1 +g1 +g2", ">g2", "g next g2")]
    [InlineData("+p1 +g1", ">g1", "g next g1")]
    [InlineData("+p1 +g1 +p2", "-p1", "p: p2", "p next p2", "g next g1")]
    [InlineData("+p1 +p2 +g1", "-p1", "p: p2", "p next p2")]
    [InlineData("+p1 +p2 +g1", "-p2", "p: p1")]
    [InlineData("+g1 +p1", ">p1")]
    [InlineData("+g1 +p1 >p1", "-p1", "p:", "p next none", "g next g1")]
    [InlineData("+g1 +p1", "-p1", "p:", "p next none")]
    [InlineData("+g1 +p1", "-g1", "g:")]
    [InlineData("+g1 +p1 +g2", "-g1", "g: g2")]
    [InlineData("+g1 +h1", "-g1", "g:", "h next h1")]
    [InlineData("+h1 +g1 +h2", "-h1", "h: h2", "g next g1")]
    [InlineData("+h1 +g1", "-g1", "g:")]
    [InlineData("+h1 +g1 -g1", "-h1", "h:", "h next none")]
    [InlineData("+g1 +h1", "dg1", "g:", "h next h1")]
    public void Each_step_sends_what_the_table_of_namespaces_says(string before, string then, params string[] told)
    {
        Do(before);
        _test.Commit();
        _test.Announced.Clear();
        Do(then);
        _test.Commit();
        if (then.StartsWith('d'))
            _test.Advance(Minutes(1));

        Assert.Equal(told, _test.Announced.Select(Text).Where(text => text is not null));
    }

    /// <summary>The window of p1 closes: it no longer stands before g1.</summary>
    [Fact]
    public void An_execution_that_is_hidden_stands_before_none()
    {
        _test.CreateJob("p1", thing: "pump-1", isContinuous: true, schedule: Windows("0 2 * * ? *", 60));
        _test.AdvanceTo(At("02:00"));
        Do("+g1");
        _test.Commit();
        _test.Announced.Clear();

        _test.AdvanceTo(At("03:00"));
        Assert.Equal(["p:", "p next none", "g next g1"], _test.Announced.Select(Text));

        _test.Announced.Clear();
        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(["p: p1", "p next p1"], _test.Announced.Select(Text));
    }

    [Fact]
    public void A_changed_list_names_the_jobs_that_came_or_went()
    {
        Do("+g1");
        _test.Commit();
        Do("+g2 -g1");

        Assert.Equal<string>(["g1", "g2"], Assert.Single(_test.Commit().OfType<PendingExecutionsChanged>()).JobIds);
    }

    [Fact]
    public void Without_a_namespace_no_jobs_are_named()
    {
        Do("+p1");

        Assert.Empty(Assert.Single(_test.Commit().OfType<PendingExecutionsChanged>()).JobIds);
    }

    private void Do(string steps)
    {
        foreach (var step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var job = step[1..];
            switch (step[0])
            {
                case '+':
                    Api.CreateJob.Handle(_test, job, new() { Targets = [ThingArn("pump-1")], Document = "{}", NamespaceId = step[1..2] is not None and var space ? space : null });
                    break;
                case '>':
                    _test.Report("pump-1", job, IN_PROGRESS);
                    break;
                case '-':
                    _test.Report("pump-1", job, SUCCEEDED);
                    break;
                case 'x':
                    _test.CancelExecution(job, "pump-1", force: true);
                    break;
                default:
                    _test.DeleteJob(job, force: true);
                    break;
            }
        }
    }

    private static string? Text(Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged change => $"{change.NamespaceId ?? None}: {string.Join(' ', change.Pending.Select(execution => execution.JobId))}".TrimEnd(),
        NextExecutionChanged change => $"{change.NamespaceId ?? None} next {change.Next?.JobId ?? "none"}",
        _ => null,
    };
}
