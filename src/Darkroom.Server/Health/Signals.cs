using System.Runtime.InteropServices;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Health;

/// <summary>
/// What makes the process stop: a signal, on which it drains, and a second one, which hurries it; or that it has no device left, so that a supervisor starts it
/// again.
/// </summary>
internal sealed class Signals(Drain drain, EngineLifetime engine, IHostApplicationLifetime host) : IHostedService, IDisposable
{
    private readonly List<IDisposable> registrations = [];
    private int count;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
            registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        registrations.Add(engine.Failed.UnsafeRegister(static signals => _ = Task.Run(((Signals)signals!).GiveUp), this)); // not on the engine's own thread
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void GiveUp()
    {
        drain.Begin();
        drain.Hurry(); // what still waits can wait for nothing
        host.StopApplication();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Without this the runtime would end the process after all handlers ran.
        context.Cancel = true;
        if (Interlocked.Increment(ref count) == 1) drain.Begin();
        else drain.Hurry();
        host.StopApplication(); // the host does so itself at some of the signals, not at SIGHUP; it can be asked any number of times
    }
}
