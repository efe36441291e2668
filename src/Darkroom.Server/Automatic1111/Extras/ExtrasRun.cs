using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Resize;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary>
/// Does what a plan says to pictures: networks run as jobs of the core, one after another; what is left (other sizes, blending, cutting) is done beside
/// them in the caller's turn for memory.
/// </summary>
internal sealed class ExtrasRun(Generator generator, IArtifactStore artifacts, DecodeMemory memory)
{
    private static readonly KeyValuePair<string, string> Version = new("Version", "Darkroom");

    /// <summary>The jobs of a picture, which nothing was kept of yet.</summary>
    /// <param name="picture">What comes in.</param>
    /// <param name="plan">What is done.</param>
    /// <param name="options">In force for the caller.</param>
    /// <param name="faults">Takes what the core finds wrong, under the name of the picture's field.</param>
    public IReadOnlyList<(ExtrasUpscaler Upscaler, ValidOrder Order)> Orders(
        ExtrasPicture picture, ExtrasPlan plan, A1111Options options, FaultList faults)
    {
        var orders = new List<(ExtrasUpscaler, ValidOrder)>();
        foreach (var upscaler in (ExtrasUpscaler?[])[plan.First, plan.Second])
        {
            if (upscaler?.Network is not { } network || !RunsNetwork(picture, plan)) continue;
            var (order, failure) = generator.Validate(OrderOf(picture, plan, network, options));
            if (order is not null) orders.Add((upscaler, order));
            else if (failure!.Faults is { } found)
                foreach (var fault in found) faults.Add(fault with { Field = picture.Field });
            else faults.Add(new Fault(picture.Field, failure.Detail) { Failure = failure.Kind });
        }
        return orders;
    }

    /// <summary>The answer's file; or why there is none, both null: the caller left.</summary>
    /// <param name="picture">What comes in.</param>
    /// <param name="plan">What is done.</param>
    /// <param name="orders">Of <see cref="Orders"/>.</param>
    /// <param name="options">In force for the caller.</param>
    /// <param name="context">The call.</param>
    public async Task<(byte[]? File, Problem? Problem)> MakeAsync(
        ExtrasPicture picture, ExtrasPlan plan, IReadOnlyList<(ExtrasUpscaler Upscaler, ValidOrder Order)> orders, A1111Options options, HttpContext context)
    {
        var made = new Dictionary<ExtrasUpscaler, byte[]>();
        foreach (var (upscaler, order) in orders)
        {
            var (file, problem) = await RunAsync(order, context);
            if (file is null) return (null, problem);
            made[upscaler] = file;
        }
        if (IsFinished(picture, plan) && made.Count == 1) return (made.Values.First(), null);
        if (plan.First is null && picture.File.Header.Format == options.Format) return (picture.File.Bytes.ToArray(), null);

        var (width, height) = plan.First is null ? (picture.File.Width, picture.File.Height) : plan.TargetOf(picture.File.Width, picture.File.Height);
        var bytes = 4L * (((long)width * height * (plan.Second is null ? 2 : 3)) + ((long)picture.File.Width * picture.File.Height));
        await memory.TakeAsync(bytes, context.RequestAborted);
        try
        {
            return await Task.Run(() => Finish(picture, plan, made, options), context.RequestAborted);
        }
        finally
        {
            memory.Release(bytes);
        }
    }

    /// <summary>Whether a network enlarges it: where the answer is smaller, resampling does all there is to do, as in AUTOMATIC1111.</summary>
    private static bool RunsNetwork(ExtrasPicture picture, ExtrasPlan plan) => plan.FactorOf(picture.File.Width, picture.File.Height) >= 1;

    /// <summary>Whether a network's answer is the call's.</summary>
    private static bool IsFinished(ExtrasPicture picture, ExtrasPlan plan) =>
        plan is { First.Network: not null, Second: null } && (!plan.Crops || plan.TargetOf(picture.File.Width, picture.File.Height) == plan.Size);

    private static GenerationOrder OrderOf(ExtrasPicture picture, ExtrasPlan plan, string network, A1111Options options)
    {
        var isLast = IsFinished(picture, plan);
        var values = new FieldValues();
        values.Set(UpscaleFields.Image, picture.File, default);
        values.Set(UpscaleFields.Model, network, default);
        values.Set(UpscaleFields.Scale, plan.FactorOf(picture.File.Width, picture.File.Height), default);
        values.Set(UpscaleFields.Metadata, isLast && options.Metadata, default);
        values.Set(GenerationFields.Format, isLast ? options.Format : PictureFormat.Png, default);
        values.Set(GenerationFields.Quality, (long)options.Quality, default);
        return new(TaskSheet.Upscale, values, new FaultList());
    }

    private async Task<(byte[]? File, Problem? Problem)> RunAsync(ValidOrder order, HttpContext context)
    {
        var caller = Caller.Of(context);
        var terms = new SubmitTerms { MaxQueued = caller.Limits.MaxQueued, MaxCost = caller.Limits.MaxMegapixelSteps };
        var (run, failure) = await generator.StartAsync(order, caller.Id, terms, Waiting.UntilFinished, context.RequestAborted);
        if (run is null) return (null, FailureTable.Of(failure!));
        using (run)
            return await run.WaitAsync(context.RequestAborted) switch
            {
                Outcome.Succeeded { Result: var result } => await ReadAsync(result.Images[0].ArtifactId, context.RequestAborted),
                Outcome.Failed { Failure: var why } => (null, FailureTable.Of(why)),
                Outcome.Parted { Failure: var why } => (null, FailureTable.Of(why)),
                _ => (null, null),
            };
    }

    private async Task<(byte[]? File, Problem? Problem)> ReadAsync(string id, CancellationToken cancellation)
    {
        await using var open = await artifacts.OpenAsync(id, cancellation);
        if (open is null) return (null, new(ProblemType.Internal, "The picture is no longer held."));
        var file = new byte[open.Artifact.Length];
        await open.Content.ReadExactlyAsync(file, cancellation);
        return (file, null);
    }

    private static (byte[]? File, Problem? Problem) Finish(
        ExtrasPicture picture, ExtrasPlan plan, Dictionary<ExtrasUpscaler, byte[]> made, A1111Options options)
    {
        if (!PictureDecoder.TryDecode(picture.File.Bytes, PictureLimits.Default, out var source, out var broken))
            return (null, FailureTable.Of(Refusal.Of(new FaultList { PictureRefusal.Of(UpscaleFields.Image, broken) with { Field = picture.Field } })));
        var result = plan.First is { } first ? Enlarge(source, plan, first, made) : source;
        if (plan.Second is { } second) result = Blend.Of(result, Enlarge(source, plan, second, made), plan.Visibility);
        if (plan.Crops && plan.First is not null) result = Middle(result, plan.Size);
        var label = options.Metadata ? PictureMetadata.Read(picture.File.Bytes.Span).Extended(plan.Fields(), Version) : null;
        try
        {
            return (PictureEncoder.Encode(result, options.Format, options.Quality, label), null);
        }
        catch (PictureFormatException small)
        {
            return (null, FailureTable.Of(Refusal.Of(new FaultList { new Fault(picture.Field, small.Message) })));
        }
    }

    private static Picture Enlarge(Picture source, ExtrasPlan plan, ExtrasUpscaler upscaler, Dictionary<ExtrasUpscaler, byte[]> made)
    {
        var (width, height) = plan.TargetOf(source.Width, source.Height);
        var filter = upscaler.Name == A1111Upscalers.Nearest ? ResampleFilter.Nearest : ResampleFilter.Lanczos;
        return Resampler.Resize(made.TryGetValue(upscaler, out var file) ? PictureDecoder.Decode(file) : source, width, height, filter);
    }

    private static Picture Middle(Picture picture, (int Width, int Height) size)
    {
        var (width, height) = (Math.Min(size.Width, picture.Width), Math.Min(size.Height, picture.Height));
        return picture.Crop(new((picture.Width - width) / 2, (picture.Height - height) / 2, width, height));
    }
}
