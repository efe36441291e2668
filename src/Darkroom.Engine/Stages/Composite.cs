using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Lays a window that others follow over what stands, beside the loop: on a large canvas that takes a while. The last one is composited with the delivery.
/// </summary>
internal sealed class Composite(RowMemory row) : Stage
{
    public override Task? Begin(Background background) => background(() =>
    {
        row.Edit!.Close(row.Painted!);
        return Task.CompletedTask;
    });

    public override JobFailure FailureOf(Exception reason) => new(JobFailureKind.Internal, "A part of the picture could not be put in its place.");
}
