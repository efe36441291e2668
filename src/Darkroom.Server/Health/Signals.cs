using System.Runtime.InteropServices;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Health;

/// <summary>Counts the signals that ask the process to stop: the host drains on the first, this hurries it on the second.</summary>
internal sealed class Signals(Drain drain) : IHostedService, IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int count;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        // The host handles the signal too; without this the runtime would end the process after all handlers ran.
        context.Cancel = true;
        if (Interlocked.Increment(ref count) == 1) drain.Begin();
        else drain.Hurry();
    }
}
