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
}
