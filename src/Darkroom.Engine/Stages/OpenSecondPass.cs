using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Pictures;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Turns a row that was denoised into one that runs its second pass: what the first made at the second size, the second's texts and sampler, and the row's
/// noise from its beginning at the new size, as A1111 draws it.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="between">What was decoded, enlarged and encoded; null: the latents are enlarged as they are.</param>
internal sealed class OpenSecondPass(RowMemory row, BetweenPasses? between) : Stage
{
    private CarriedLatents? carried;

    /// <summary>Enlarges latents beside the loop: on a large canvas that takes a while.</summary>
    public override Task? Begin(Background background) => background(() =>
    {
        var hires = row.Request.Hires!;
        var shape = row.Model.Description.LatentsOf(hires.Width, hires.Height);
        if (between is null)
        {
            carried = CarriedLatents.Enlarge(row.Latents, row.Shape, shape, LatentUpscale.Find(hires.Upscaler)!);
            return Task.CompletedTask;
        }
        var encoded = new float[shape.Length];
        between.Encoded[0]!.Likeliest(encoded);
        carried = new CarriedLatents(encoded);
        return Task.CompletedTask;
    });

    public override JobFailure? Start()
    {
        var second = row.Request.SecondPass()!;
        row.Pass = second;
        row.Shape = row.Model.Description.LatentsOf(second.Width, second.Height);
        row.Latents = new float[row.Shape.Length];
        row.Texts = row.SecondTexts;
        row.Carried = carried;
        if (second.StepsRun == 0)
        {
            carried!.Stand(row.Latents);
            row.StepsDone = row.Request.StepsShown;
            return null;
        }
        if (Prepare.StartOf(row, second.Width, second.Height, out var start) is { } failure) return failure;
        (row.Start, row.Noise) = (start, NoiseOfRow.Make(row.Request, row.Index, row.Model.Description, start.Sampler));
        return null;
    }
}
