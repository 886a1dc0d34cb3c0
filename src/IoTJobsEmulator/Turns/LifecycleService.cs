using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Turns;

/// <summary>Waits until work is due and has it done, as long as the emulator runs.</summary>
public sealed class LifecycleService(DueWorkRunner dueWork, TimeProvider machine, ILogger<LifecycleService> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await dueWork.WhenDue(stoppingToken);
                await dueWork.RunAll(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A ServiceException needs no stack trace: the journal has logged the cause.
                log.LogError(exception is ServiceException ? null : exception, "Due work pauses for a second: {Reason}", exception.Message);
                await Task.Delay(PauseAfterFailure, machine, stoppingToken);
            }
        }
    }
}
