using Bunit;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Clock;
using IoTJobsEmulator.WebConsole.Components;
using IoTJobsEmulator.WebConsole.Pages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>Components with logic of their own.</summary>
public sealed class ComponentTests : IDisposable
{
    private readonly BunitContext _browser = new();
    private readonly FakeEmulator _emulator = new();

    public ComponentTests()
    {
        _browser.JSInterop.Mode = JSRuntimeMode.Loose;
        _browser.Services.AddSingleton<IEmulator>(_emulator).AddSingleton<ClockAdvance>().AddSingleton<TimeProvider>(new FakeTimeProvider());
    }

    public void Dispose() => _browser.Dispose();

    [Fact]
    public void A_button_for_what_cannot_be_undone_asks_first_and_passes_the_option_on()
    {
        List<bool> confirmed = [];
        var button = _browser.Render<ConfirmButton>(given => given
            .Add(one => one.Label, "Cancel").Add(one => one.ForceLabel, "force").Add(one => one.Confirmed, confirmed.Add));
        button.Find("button").Click();
        Assert.Empty(confirmed);
        button.Find("input").Change(true);
        button.Find("button.danger").Click();
        Assert.Equal([true], confirmed);
        Assert.Equal("Cancel…", button.Find("button").TextContent);
    }

    [Fact]
    public void A_refusal_is_shown_with_its_name_its_status_and_its_text()
    {
        var note = _browser.Render<AnswerNote>(given => given.Add(one => one.Answer, new ApiAnswer(409, "VersionConflictException", """{"message":"Expected version 1 but found version 2"}""")));
        Assert.Equal("alert", note.Find("div.note").GetAttribute("role"));
        Assert.Equal(["VersionConflictException", "409", "Expected version 1 but found version 2"], note.FindAll("strong, .tag, div.note > div").Select(part => part.TextContent));
    }

    [Fact]
    public void The_device_is_played_over_the_data_plane()
    {
        var device = _browser.Render<PlayDevice>(given => given.Add(one => one.Tenant, _emulator.DefaultTenant).Add(one => one.ThingName, "pump-1"));
        device.FindAll("button")[0].Click();
        device.Find("input[list]").Change("update-firmware");
        device.Find("select").Change("FAILED");
        device.Find("form").Submit();
        Assert.Equal(
            [("PUT", "/things/pump-1/jobs/$next", "{}"), ("POST", "/things/pump-1/jobs/update-firmware", """{"status":"FAILED"}""")],
            _emulator.Asked.Select(asked => (asked.Method, asked.Path, asked.Body)));
        Assert.All(_emulator.Asked, asked => Assert.Equal((ApiService.IotJobsData, _emulator.DefaultTenant), (asked.Service, asked.Tenant)));
    }

    [Fact]
    public void The_plot_stacks_failures_at_the_bottom_and_names_what_it_shows()
    {
        _emulator.Create("update-firmware", "pump-1", "pump-2");
        _emulator.Pass(TimeSpan.FromMinutes(1));
        _emulator.Turn(realm => Core.Operations.IotJobsData.UpdateJobExecution.Handle(realm, "pump-1", "update-firmware", new() { Status = JobExecutionStatus.FAILED }));
        _emulator.Pass(TimeSpan.FromMinutes(1));
        var page = _browser.Render<JobPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1").Add(one => one.JobId, "update-firmware"));
        Assert.Equal(["fill-failed", "fill-queued"], page.FindAll(".plot path").Select(path => path.ClassName));
        Assert.Contains("1 of 2 finished: 1 FAILED, 1 QUEUED", page.Find(".plot svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_advance_shows_how_far_it_has_come_and_can_be_stopped()
    {
        _emulator.Answer = async (_, aborted) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, new FakeTimeProvider(), aborted);
            return new(200, null, "{}");
        };
        var advance = _browser.Services.GetRequiredService<ClockAdvance>();
        var going = advance.By(TimeSpan.FromHours(1));
        _emulator.Pass(TimeSpan.FromMinutes(15));
        var page = _browser.Render<ClockPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        Assert.Equal("0.25", page.Find("progress").GetAttribute("value"));
        Assert.Null(await advance.By(TimeSpan.FromHours(1)));
        page.Find("button.danger").Click();
        Assert.Null(await going);
        Assert.Null(advance.Current);
    }

    [Fact]
    public void A_snapshot_is_restored_over_the_API_once_that_is_confirmed_and_a_refusal_is_shown()
    {
        _emulator.Answer = (asked, _) => Task.FromResult(asked.Method == "GET"
            ? new ApiAnswer(200, null, """{"snapshots":[{"name":"fleet","now":"2026-01-01T00:00:00.000Z","frozen":true,"rows":3}]}""")
            : new(404, "ResourceNotFoundException", """{"message":"Snapshot fleet cannot be found."}"""));
        var page = _browser.Render<SnapshotsPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        Assert.Equal("Restore… fleet", page.Find("td button").TextContent);
        page.Find("td button").Click();
        Assert.DoesNotContain(_emulator.Asked, asked => asked.Method == "POST");
        page.Find("td button.danger").Click();
        Assert.Equal("/_emulator/snapshots/fleet/restore", _emulator.Asked.Single(asked => asked.Method == "POST").Path);
        Assert.Contains("Snapshot fleet cannot be found.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulator_is_edited_as_it_was_put_and_put_for_the_account_of_the_page()
    {
        _emulator.Answer = (asked, _) => Task.FromResult(new ApiAnswer(200, null, """{"simulators":[{"name":"pumps","busy":2,"things":"pump-*","outcomes":{"SUCCEEDED":95,"FAILED":5}}]}"""));
        var page = _browser.Render<SimulatorsPage>(given => given.Add(one => one.Account, "111122223333").Add(one => one.Region, "eu-west-1"));
        Assert.Equal(["pumps", "pump-*", "SUCCEEDED 95, FAILED 5", "2"], page.FindAll("td").Take(4).Select(cell => cell.TextContent));
        page.Find("[aria-label='Edit pumps']").Click();
        page.Find("form").Submit();
        var put = _emulator.Asked.Single(asked => asked.Method == "PUT");
        Assert.Equal(("/_emulator/simulators/pumps", new Core.Tenant("111122223333", "eu-west-1")), (put.Path, put.Tenant));
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse("""{"things":"pump-*","outcomes":{"SUCCEEDED":95,"FAILED":5}}"""), System.Text.Json.Nodes.JsonNode.Parse(put.Body!)));
    }

    [Fact]
    public void A_seed_that_runs_can_be_stopped()
    {
        _emulator.Answer = async (_, aborted) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, new FakeTimeProvider(), aborted);
            return new(200, null, "{}");
        };
        var page = _browser.Render<SeedsPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        page.Find("form").Submit();
        Assert.True(page.Find("form .primary").HasAttribute("disabled"));
        page.Find("form .danger").Click();
        page.WaitForAssertion(() => Assert.Contains("What it had done stays.", page.Find(".note").TextContent, StringComparison.Ordinal));
        Assert.False(page.Find("form .primary").HasAttribute("disabled"));
    }
}
