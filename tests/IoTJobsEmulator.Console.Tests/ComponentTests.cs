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
        _emulator.Answer = NoAnswer;
        var advance = _browser.Services.GetRequiredService<ClockAdvance>();
        var going = advance.By(TimeSpan.FromHours(1));
        _emulator.Pass(TimeSpan.FromMinutes(15));
        var page = _browser.Render<ClockPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        Assert.Equal("0.25", page.Find("progress").GetAttribute("value"));
        Assert.NotNull((await advance.By(TimeSpan.FromHours(1))).Other);
        page.Find("button.danger").Click();
        Assert.Equal(new ClockAdvance.Outcome(null), await going);
        Assert.Null(advance.Current);
    }

    [Fact]
    public void A_page_that_advances_the_clock_while_another_does_says_so_and_stops_nothing()
    {
        _emulator.Answer = NoAnswer;
        var pages = Enumerable.Range(0, 2).Select(_ => _browser.Render<ClockPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"))).ToList();
        pages[0].Find("[aria-label='Advance the clock'] button").Click();
        pages[1].Find("[aria-label='Advance the clock'] button").Click();
        Assert.Contains("The clock is on its way to 2026-01-01 00:00:10 UTC already", pages[1].Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Stopped", pages[1].Markup, StringComparison.Ordinal);
        Assert.Single(_emulator.Asked, asked => asked.Method == "POST");
        pages[0].Find("button.danger").Click();
        pages[0].WaitForAssertion(() => Assert.Contains("Stopped at", pages[0].Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("Stopped", pages[1].Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_fault_is_replaced_and_stays_when_the_new_one_is_refused()
    {
        var refuses = true;
        _emulator.Answer = (asked, _) => Task.FromResult(
            asked.Method == "POST" && refuses ? new(400, "InvalidRequestException", """{"message":"no"}""")
            : new ApiAnswer(200, null, """{"faults":[{"id":3,"struck":0,"operation":"CreateJob","error":{"name":"ThrottlingException"}}]}"""));
        var page = _browser.Render<FaultsPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        page.Find("[aria-label='Edit fault 3']").Click();
        page.Find("form").Submit();
        Assert.Equal("no", page.Find("[role=alert] div").TextContent);
        Assert.DoesNotContain(_emulator.Asked, asked => asked.Method == "DELETE");
        refuses = false;
        page.Find("form").Submit();
        Assert.Equal("""{"operation":"CreateJob","error":{"name":"ThrottlingException"}}""", _emulator.Asked.Last(asked => asked.Method == "POST").Body);
        Assert.Equal("/_emulator/faults/3", _emulator.Asked.Single(asked => asked.Method == "DELETE").Path);
        Assert.Contains("Replaced.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_execution_is_canceled_and_deleted_by_the_operations_with_what_the_form_says()
    {
        _emulator.Create("update-firmware", "pump-1");
        _browser.Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>()
            .NavigateTo("123456789012/us-east-1/jobs/update-firmware?thing=pump-1&execution=1");
        var page = _browser.Render<JobPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1").Add(one => one.JobId, "update-firmware"));
        var panel = page.FindComponent<ExecutionPanel>();
        panel.Find("input").Change("2");
        panel.Find("textarea").Change("by=me");
        panel.Find("fieldset .danger").Click();
        panel.Find("fieldset input[type=checkbox]").Change(true);
        panel.Find("fieldset .danger").Click();
        var canceled = _emulator.Asked[^1];
        Assert.Equal(
            ("PUT", "/things/pump-1/jobs/update-firmware/cancel?force=true", """{"expectedVersion":2,"statusDetails":{"by":"me"}}"""),
            (canceled.Method, canceled.Path, canceled.Body));
        var delete = panel.FindComponents<ConfirmButton>()[^1];
        delete.Find(".danger").Click();
        delete.Find(".danger").Click();
        Assert.Equal(("DELETE", "/things/pump-1/jobs/update-firmware/executionNumber/1?force=false"), (_emulator.Asked[^1].Method, _emulator.Asked[^1].Path));
    }

    [Fact]
    public void A_job_is_edited_and_gets_targets_by_the_operations_and_a_refusal_stays_in_the_form()
    {
        _emulator.CreateWith("update-firmware", new() { TargetSelection = TargetSelection.CONTINUOUS }, "pump-1");
        _emulator.Answer = (_, _) => Task.FromResult(new ApiAnswer(400, "InvalidRequestException", """{"message":"no"}"""));
        var page = _browser.Render<JobPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1").Add(one => one.JobId, "update-firmware"));
        Press("Edit");
        page.FindComponent<JobEditor>().Find("input").Change("new");
        page.FindComponent<JobEditor>().Find("form").Submit();
        Assert.Equal(("PATCH", "/jobs/update-firmware", """{"description":"new"}"""), Last());
        Assert.Equal("no", page.FindComponent<JobEditor>().Find("[role=alert] div").TextContent);
        Press("Add targets");
        _emulator.Answer = (_, _) => Task.FromResult(new ApiAnswer(200, null, "{}"));
        page.FindComponent<TargetForm>().Find("textarea").Change("pump-1\ngroup:pumps");
        page.FindComponent<TargetForm>().Find("form").Submit();
        Assert.Equal(
            ("POST", "/jobs/update-firmware/targets", """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1","arn:aws:iot:us-east-1:123456789012:thinggroup/pumps"]}"""),
            Last());
        Assert.Empty(page.FindComponents<TargetForm>());
        Assert.Contains("The targets are added.", page.Markup, StringComparison.Ordinal);

        void Press(string button) => page.FindAll(".head button").Single(one => one.TextContent == button).Click();
        (string, string, string?) Last() => (_emulator.Asked[^1].Method, _emulator.Asked[^1].Path, _emulator.Asked[^1].Body);
    }

    [Fact]
    public void A_payload_asks_for_its_bytes_when_it_is_unfolded_and_shows_what_is_no_text_in_hex()
    {
        _emulator.Answer = (_, _) => Task.FromResult(new ApiAnswer(200, null, """{"messages":[{"number":7,"payload":"/w==","bytes":"/w=="}]}"""));
        var payload = _browser.Render<Payload>(given => given.Add(one => one.Tenant, _emulator.DefaultTenant).Add(one => one.Number, 7).Add(one => one.Preview, "/w=="));
        Assert.Empty(_emulator.Asked);
        payload.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        Assert.Equal("/_emulator/messages?include=bytes&limit=1&after=6", Assert.Single(_emulator.Asked).Path);
        Assert.Equal(["Hex"], payload.FindAll("button").Select(button => button.TextContent));
        Assert.StartsWith("00000000  ff ", payload.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_filtered_by_type_in_the_address_and_rest_while_they_are_paused()
    {
        _emulator.Answer = (asked, _) => Task.FromResult(new ApiAnswer(200, null, asked.Path.EndsWith("after=0", StringComparison.Ordinal)
            ? """{"events":[{"number":4,"time":"2026-01-01T00:00:00.000Z","type":"job","change":"created","jobId":"update-firmware","status":"IN_PROGRESS"}],"last":4,"missed":false}"""
            : """{"events":[],"last":4,"missed":false}"""));
        var page = _browser.Render<EventsPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        Assert.EndsWith("/jobs/update-firmware", page.Find(".timeline a").GetAttribute("href"), StringComparison.Ordinal);
        page.FindAll("[aria-label=Types] button").Single(button => button.TextContent == "job").Click();
        Assert.EndsWith("?type=job", _browser.Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal);
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
        _emulator.Answer = NoAnswer;
        var page = _browser.Render<SeedsPage>(given => given.Add(one => one.Account, "123456789012").Add(one => one.Region, "us-east-1"));
        page.Find("form").Submit();
        Assert.True(page.Find("form .primary").HasAttribute("disabled"));
        page.Find("form .danger").Click();
        page.WaitForAssertion(() => Assert.Contains("What it had done stays.", page.Find(".note").TextContent, StringComparison.Ordinal));
        Assert.False(page.Find("form .primary").HasAttribute("disabled"));
    }

    /// <summary>A call that ends only when it is given up.</summary>
    private static Task<ApiAnswer> NoAnswer(ApiRequest request, CancellationToken aborted) => new TaskCompletionSource<ApiAnswer>().Task.WaitAsync(aborted);
}
