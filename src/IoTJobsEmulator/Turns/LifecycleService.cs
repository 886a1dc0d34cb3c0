using IoTJobsEmulator.Core;


namespace IoTJobsEmulator.Turns;

/// <summary>Sleeps until something is due and has it done. What that is, and when, the rows say.</summary>
public sealed class LifecycleService(TurnGate turns, TimeProvider machine, ILogger<LifecycleService> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await turns.UntilDue(stoppingToken);
                while (!stoppingToken.IsCancellationRequested && await turns.Step())
                    continue;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // What the service itself answers with needs no stack: the journal has said why.
                log.LogError(exception is ServiceException ? null : exception, "Due work pauses for a second: {Reason}", exception.Message);
                await Task.Delay(PauseAfterFailure, machine, stoppingToken);
            }
        }
    }
}
