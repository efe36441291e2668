using System.Diagnostics;
using System.Globalization;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks.Checkpoints;

/// <summary>Calls of a model's parts, each from an arena that holds nothing idle, and a line for each of what it took.</summary>
/// <param name="model">Of which.</param>
/// <param name="arena">Where its calls take their memory.</param>
/// <param name="pieces">Whether it holds what is estimated in one piece before a call, as the server's does; else regions as tensors ask for them.</param>
internal sealed class SizeCalls(IDiffusionModel model, HostArena arena, bool pieces)
{
    private const double Mebi = 1 << 20;

    /// <param name="side">Pixels.</param>
    /// <param name="rows">Of the call.</param>
    public void Denoise(int side, int rows)
    {
        var conditioning = Conditioned();
        var shape = model.Description.LatentsOf(side, side);
        int count = shape.Channels * shape.Height * shape.Width;
        var row = model.ForRow(conditioning, new RowConditions { Width = side, Height = side });
        DenoiserRow[] all = [.. Enumerable.Range(0, rows).Select(_ => new DenoiserRow(new float[count], 1, 500, row, new float[count]))];
        Measure($"denoiser, {rows} rows", side, model.Denoiser,
            MemoryEstimate.DenoiserBytes(model.Description, side, side, rows, model.Description.TokenLength),
            () => model.Denoiser.Run(shape, all, RunWidth.Wide));
    }

    /// <param name="side">Pixels.</param>
    public void Decode(int side)
    {
        var shape = model.Description.LatentsOf(side, side);
        Measure("decoder", side, model.Decoder, MemoryEstimate.DecoderBytes(model.Description, side, side),
            () => model.Decoder.Decode(shape, [new float[shape.Length]], RunWidth.Wide));
    }

    /// <param name="side">Pixels.</param>
    public void Encode(int side) =>
        Measure("encoder", side, model.Encoder!, MemoryEstimate.EncoderBytes(model.Description, side, side),
            () => model.Encoder!.Encode(side, side, [new float[3 * side * side]], RunWidth.Wide));

    private Conditioning Conditioned()
    {
        var text = model.Tokenize([new PromptText("a lighthouse")], TextReading.Weighted)[0];
        var encoded = model.TextEncoders.Select((encoder, index) =>
        {
            using var lease = encoder.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return encoder.Encode([text.Encoders[index]], RunWidth.Wide)[0];
        }).ToArray();
        return model.Condition(text, encoded);
    }

    private void Measure(string name, int side, IModelPart part, long estimate, Action call)
    {
        using var lease = part.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        arena.Gather(pieces ? estimate : 0);
        ProcessFigures.ResetPeak();
        double resident = ProcessFigures.Resident;
        long began = Stopwatch.GetTimestamp();
        call();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double touched = ProcessFigures.Peak - resident;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {side} | {touched:F0} | {arena.State.Held / Mebi:F0} | {estimate / Mebi:F0} | {estimate / Mebi / touched:F2} | {seconds:F1} |"));
    }
}
