using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Autoencoders;
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
/// <param name="Upscale">The stage of the finished picture, which loads and is asked for its progress from the beginning; null: there is none.</param>
/// <param name="Stages">To be gone through once.</param>
internal sealed record RowProgram(Upscale? Upscale, IEnumerable<Stage> Stages)
{
    /// <summary>The same between two passes.</summary>
    public Upscale? Between { get; init; }

    /// <summary>The program of a row's task.</summary>
    /// <param name="row">The row's memory.</param>
    /// <param name="sources">Where it gets what it loads.</param>
    /// <param name="device">The device that it runs on.</param>
    public static RowProgram Of(RowMemory row, IRowSources sources, int device)
    {
        var upscale = row.Request.Upscale is { } order ? new Upscale(row, sources.UpscalerAsync(row, order.Model, device)) : null;
        return row.Request.Task switch
        {
            GenerationTask.Upscale => new(upscale, [new LoadPicture(row, sources.Pictures), upscale!]),
            GenerationTask.Denoise or GenerationTask.Classify or GenerationTask.Likelihood or GenerationTask.Features =>
                new(null, Look(row, LoadsOf(row, sources, device), sources)),
            _ => Generate(row, sources, device, upscale),
        };
    }

    /// <summary>Takes the noise out of a picture, or finds something out about it.</summary>
    private static IEnumerable<Stage> Look(RowMemory row, Stage[] loads, IRowSources sources)
    {
        foreach (var load in loads) yield return load;
        yield return new LoadPicture(row, sources.Pictures);
        yield return new PrepareSent(row);
        yield return new EncodeText(row);
        yield return new EncodePicture(row, sources.Options, row.Inputs);
        if (row.Request.Measures)
        {
            yield return row.Request.Features is null ? new MeasurePicture(row) : new ReadFeatures(row);
            yield break;
        }
        yield return new BeginFromNoise(row);
        if (row.IsFinished) yield break;
        yield return new Denoise(row);
        yield return new Decode(row, sources.Options);
    }

    private static RowProgram Generate(RowMemory row, IRowSources sources, int device, Upscale? upscale)
    {
        var picture = BetweenPasses.UpscaleOf(row.Request) is null ? null : new BetweenPasses(row);
        var between = picture is null ? null : new Upscale(row, sources.UpscalerAsync(row, row.Request.Hires!.Upscaler, device), picture);
        var nets = NetsOf(row, sources, device);
        var second = row.Request.Hires is null ? null : Second(row, sources, picture, between, nets);
        return new(upscale, Generate(row, LoadsOf(row, sources, device), sources, second, nets, upscale)) { Between = between };
    }

    /// <summary>What begins to load at once: the model with the textual inversions of its texts, and an autoencoder in the place of its own.</summary>
    private static Stage[] LoadsOf(RowMemory row, IRowSources sources, int device)
    {
        var embeddings = row.Request.Embeddings is { Count: > 0 } named ? sources.EmbeddingsAsync(named) : null;
        var model = new LoadModel(row, sources.ModelAsync(row, row.Request.Model, device), embeddings);
        return row.Request.Vae is { } vae ? [model, new LoadAutoencoder(row, sources.AutoencoderAsync(row, vae, device))] : [model];
    }

    /// <summary>The row's ControlNets, in the order of its request.</summary>
    private static Task<ControlNetPart[]> NetsOf(RowMemory row, IRowSources sources, int device) =>
        Task.WhenAll((row.Request.Controls ?? []).Select(control => sources.ControlNetAsync(row, control.Model, device)));

    private static IEnumerable<Stage> Generate(
        RowMemory row, Stage[] loads, IRowSources sources, IEnumerable<Stage>? second, Task<ControlNetPart[]> nets, Upscale? upscale)
    {
        var pictures = sources.Pictures;
        foreach (var load in loads) yield return load;
        if (row.Request.Edit is not null) yield return new LoadPicture(row, pictures);
        yield return new Prepare(row);
        if (!row.IsFinished)
        {
            yield return new EncodeText(row);
            if (row.SecondTexts is { } texts) yield return new EncodeText(row, texts); // at once: the encoders may go then
            var denoise = new Denoise(row); // the windows of an outpainting share its memory
            while (true)
            {
                if (row.Request.Controls is not null) yield return new LoadControls(row, pictures, nets); // each window sees its part of the pictures
                if (row.Edit is not null) yield return new EncodePicture(row, sources.Options);
                yield return denoise;
                if (second is not null) break;
                yield return new Decode(row, sources.Options);
                if (row.Edit is null or { IsLast: true }) break;
                yield return new Composite(row);
            }
        }
        if (second is not null && row.FinishesEarly) yield return new Decode(row, sources.Options); // the first pass is what stands
        else foreach (var stage in second ?? []) yield return stage;
        if (upscale is not null) yield return upscale;
    }

    /// <summary>From the latents of the first pass to the picture of the second.</summary>
    private static IEnumerable<Stage> Second(
        RowMemory row, IRowSources sources, BetweenPasses? picture, Upscale? upscale, Task<ControlNetPart[]> nets)
    {
        if (picture is not null)
        {
            yield return new Decode(row, sources.Options);
            yield return upscale!;
            yield return new EncodePicture(row, sources.Options, picture);
        }
        yield return new OpenSecondPass(row, picture);
        if (row.Pass.StepsRun > 0)
        {
            if (row.Request.Controls is not null) yield return new LoadControls(row, sources.Pictures, nets); // shown at the second size
            yield return new Denoise(row);
        }
        yield return new Decode(row, sources.Options);
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

    /// <summary>What says when pictures are decoded in tiles; null: never.</summary>
    EngineOptions? Options => null;

    Task<SharedAutoencoder> AutoencoderAsync(RowMemory row, VaeOrder vae, int device) =>
        Task.FromException<SharedAutoencoder>(new Models.Sessions.GraphException($"there is no autoencoder '{vae.Id}'"));
}
