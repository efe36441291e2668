namespace Darkroom.Models.Tests.Residency;

/// <summary>A time that stands still until it is moved.</summary>
internal sealed class HandTime : TimeProvider
{
    private long now = 1;

    public void Move(double seconds) => Interlocked.Add(ref now, (long)(seconds * TimestampFrequency));

    public override long GetTimestamp() => Interlocked.Read(ref now);
}
