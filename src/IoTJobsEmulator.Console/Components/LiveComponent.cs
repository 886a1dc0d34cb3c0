using IoTJobsEmulator.Core;
using Microsoft.AspNetCore.Components;

namespace IoTJobsEmulator.WebConsole.Components;

/// <summary>
/// A component that follows the emulator: it loads again when something has changed, six times a second at most however much changes, and renders
/// once a second otherwise, for the times that it shows. It follows from its first render in a browser on; while a page is prerendered it only loads.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(1) / 6, Second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();
    private long _seen;

    [Inject] protected IEmulator Emulator { get; set; } = null!;

    [Inject] protected TimeProvider Machine { get; set; } = null!;

    /// <summary>Cancelled when the component is no longer shown.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>Whether it loads with every frame: for what is counted among no changes, such as messages.</summary>
    protected virtual bool LoadsAlways => false;

    /// <summary>What could not be loaded, and why; null when all was.</summary>
    protected string? LoadError { get; private set; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _gone.IsCancellationRequested)
            return;
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <summary>Reads what is shown.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    protected sealed override Task OnParametersSetAsync() => Reload();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            _ = Follow(Gone);
    }

    /// <summary>Loads now: after an action of the user.</summary>
    protected async Task Reload()
    {
        _seen = Emulator.Changes;
        try
        {
            await Load();
            LoadError = null;
        }
        catch (ServiceException refusal)
        {
            LoadError = refusal.Message;
        }
    }

    private async Task Follow(CancellationToken gone)
    {
        try
        {
            using var frames = new PeriodicTimer(Frame, Machine);
            var rendered = Machine.GetTimestamp();
            while (await frames.WaitForNextTickAsync(gone))
            {
                var isChanged = LoadsAlways || Emulator.Changes != _seen;
                if (!isChanged && Machine.GetElapsedTime(rendered) < Second)
                    continue;
                rendered = Machine.GetTimestamp();
                await InvokeAsync(() => Show(isChanged));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // the page was left
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private async Task Show(bool isChanged)
    {
        if (isChanged)
            await Reload();
        StateHasChanged();
    }
}
