using Darkroom.Engine.Jobs;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Stages;

/// <summary>Waits until the autoencoder that stands in the place of the model's own is there.</summary>
/// <param name="row">The row.</param>
/// <param name="autoencoder">Loading since the job was claimed.</param>
internal sealed class LoadAutoencoder(RowMemory row, Task<SharedAutoencoder> autoencoder) : Stage
{
    public override Task? Begin(Background background) => autoencoder;

    public override JobFailure FailureOf(Exception reason) => Unavailable(reason is GraphException ? reason.Message : "see the server's log");

    public override JobFailure? Start()
    {
        try
        {
            row.Autoencoder = autoencoder.GetAwaiter().GetResult().For(row.Model.Description, row.Request.Tiling); // completed: the row waited for it
            return null;
        }
        catch (GraphException e)
        {
            return Unavailable(e.Message);
        }
    }

    private JobFailure Unavailable(string reason) =>
        new(JobFailureKind.ModelUnavailable, $"The autoencoder '{row.Request.Vae!.Id}' could not be loaded: {reason}.");
}
