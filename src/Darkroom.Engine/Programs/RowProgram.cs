using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Programs;

/// <summary>
/// A row's way from request to picture: its stages, one after the other. What decides whether a stage follows is known by the time the stage before it is done,
/// so a program is read from top to bottom. <see cref="JobWork"/> counts the same stages ahead of time.
/// </summary>
/// <param name="Upscale">The stage of that kind, which loads and is asked for its progress from the beginning; null: there is none.</param>
/// <param name="Stages">To be gone through once.</param>
internal sealed record RowProgram(Upscale? Upscale, IEnumerable<Stage> Stages)
{
    /// <summary>The program of a row's task.</summary>
    /// <param name="row">The row's memory.</param>
    /// <param name="sources">Where it gets what it loads.</param>
    /// <param name="device">The device that it runs on.</param>
    public static RowProgram Of(RowMemory row, IRowSources sources, int device)
    {
        var upscale = row.Request.Upscale is { } order ? new Upscale(row, sources.UpscalerAsync(row, order.Model, device)) : null;
        return row.Request.Task == GenerationTask.Upscale
            ? new(upscale, [new LoadPicture(row, sources.Pictures), upscale!])
            : new(upscale, Generate(row, LoadModelOf(row, sources, device), sources.Pictures, upscale, NetsOf(row, sources, device)));
    }

    private static LoadModel LoadModelOf(RowMemory row, IRowSources sources, int device) => new(
        row, sources.ModelAsync(row, row.Request.Model, device), row.Request.Embeddings is { Count: > 0 } named ? sources.EmbeddingsAsync(named) : null);

    /// <summary>The row's ControlNets, in the order of its request.</summary>
    private static Task<ControlNetPart[]> NetsOf(RowMemory row, IRowSources sources, int device) =>
        Task.WhenAll((row.Request.Controls ?? []).Select(control => sources.ControlNetAsync(row, control.Model, device)));

    private static IEnumerable<Stage> Generate(
        RowMemory row, LoadModel model, PictureLoading pictures, Upscale? upscale, Task<ControlNetPart[]> nets)
    {
        yield return model;
        if (row.Request.Edit is not null) yield return new LoadPicture(row, pictures);
        yield return new Prepare(row);
        if (!row.IsFinished)
        {
            yield return new EncodeText(row);
            var denoise = new Denoise(row); // the windows of an outpainting share its memory
            while (true)
            {
                if (row.Request.Controls is not null) yield return new LoadControls(row, pictures, nets); // each window sees its part of the pictures
                if (row.Edit is not null) yield return new EncodePicture(row);
                yield return denoise;
                yield return new Decode(row);
                if (row.Edit is null or { IsLast: true }) break;
                yield return new Composite(row);
            }
        }
        if (upscale is not null) yield return upscale;
    }
}

/// <summary>Where a program's stages get what they load. Loading starts with the call; the row keeps what it got for as long as it is in flight.</summary>
internal interface IRowSources
{
    Task<IDiffusionModel> ModelAsync(RowMemory row, string id, int device);

    Task<Upscaler> UpscalerAsync(RowMemory row, string id, int device);

    /// <exception cref="GraphException">Through the task: there is none of this id, or it cannot be used.</exception>
    Task<ControlNetPart> ControlNetAsync(RowMemory row, string id, int device) =>
        Task.FromException<ControlNetPart>(new GraphException($"there is no ControlNet '{id}'"));

    /// <summary>The task fails where one is gone, or is another file now.</summary>
    Task<IReadOnlyList<PromptEmbedding>> EmbeddingsAsync(IReadOnlyList<EmbeddingOrder> named) =>
        Task.FromException<IReadOnlyList<PromptEmbedding>>(new GraphException("there are no textual inversions here"));

    PictureLoading Pictures { get; }
}
