using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Stages;

/// <summary>Waits until the row's model is open on its device.</summary>
/// <param name="row">The row.</param>
/// <param name="model">Loading since the job was claimed.</param>
internal sealed class LoadModel(RowMemory row, Task<IDiffusionModel> model) : Stage
{
    public override Task? Begin(Background background) => model;

    public override JobFailure FailureOf(Exception reason) => reason is GraphException { Fault: GraphFault.Misfit } ? new(
        JobFailureKind.LoraMismatch, $"{reason.Message}.") : new(
        JobFailureKind.ModelUnavailable,
        $"The model '{row.Request.Model}' could not be loaded: {(reason is GraphException ? reason.Message : "see the server's log")}.");

    public override JobFailure? Start()
    {
        row.Model = model.GetAwaiter().GetResult(); // completed: the row waited for it
        row.ModelHash = row.Model.ContentHash;
        foreach (string warning in row.Model.Warnings) row.Warn(warning);
        return null;
    }
}
