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
    private long _seen, _renderedAt;

    // The source answers no more once it is disposed, and an action may still be on its way when its page is left.
    protected LiveComponent() => Gone = _gone.Token;

    [Inject] protected IEmulator Emulator { get; set; } = null!;

    [Inject] protected TimeProvider Machine { get; set; } = null!;

    /// <summary>Cancelled when the component is no longer shown.</summary>
    protected CancellationToken Gone { get; }

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

    /// <summary>Asks, with every frame, for what is counted among no changes, such as messages. Answers whether there is anything new.</summary>
    protected virtual Task<bool> Poll() => Task.FromResult(false);

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
            while (await frames.WaitForNextTickAsync(gone))
                await InvokeAsync(ShowNews);
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

    private async Task ShowNews()
    {
        var isChanged = await Poll() || Emulator.Changes != _seen;
        if (!isChanged && Machine.GetElapsedTime(_renderedAt) < Second)
            return;
        _renderedAt = Machine.GetTimestamp();
        if (isChanged)
            await Reload();
        StateHasChanged();
    }
}
