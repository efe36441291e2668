using System.Numerics.Tensors;
using Darkroom.Imaging;
using Darkroom.Imaging.Alpha;
using Darkroom.Imaging.Resize;
using Darkroom.Imaging.Rows;
using Darkroom.Imaging.Tiles;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>A tile that a run wants to have upscaled.</summary>
/// <param name="Pass">Which run over the picture, from 0.</param>
/// <param name="Index">Which tile of that pass, from 0.</param>
/// <param name="Input">What the network sees, in pixels of the pass's input; all tiles of a pass have one size.</param>
/// <param name="Output">What the tile answers for, in pixels of what the network makes.</param>
public readonly record struct UpscaleTile(int Pass, int Index, PixelRect Input, PixelRect Output);

/// <summary>
/// One picture on its way to a larger one: which tiles it needs now, and what becomes of their answers. It calls no network, so tiles of several runs
/// can share calls. It holds the picture, the result and one band of tiles. Not safe for several threads.
/// </summary>
public sealed class UpscaleRun
{
    private readonly UpscalerTraits traits;
    private readonly IReadOnlyList<UpscalePass> passes;
    private readonly IReadOnlyList<TilePlan> plans;
    private readonly int fade;
    private readonly Picture? alpha;
    private Picture picture; // without alpha: what goes into the pass
    private PictureRows rows;
    private TileBlender blender;
    private int pass;
    private int done; // tiles of the pass
    private float[] grey = [];

    /// <param name="picture">1 to 4 channels. Alpha is kept, resampled by itself.</param>
    /// <param name="factor">1 to 8; the result's sides are the picture's times it, rounded.</param>
    public UpscaleRun(UpscalerTraits traits, Picture picture, double factor, UpscaleTiling tiling)
    {
        ArgumentNullException.ThrowIfNull(traits);
        ArgumentNullException.ThrowIfNull(picture);
        this.traits = traits;
        (this.picture, alpha) = AlphaPlane.Split(picture);
        if (alpha is not null) this.picture = HiddenColour.Fill(this.picture, alpha);
        passes = UpscalePasses.Of(picture.Width, picture.Height, traits.Scale, factor);
        plans = [.. passes.Select(one => Plan(traits, one.Input, tiling))];
        fade = traits.FadeFor(tiling.Overlap);
        TileCount = plans.Sum(plan => plan.Count);
        (rows, blender) = Begin();
    }

    /// <summary>Tiles that a picture of a size will take.</summary>
    /// <param name="factor">1 to 8.</param>
    public static int CountTiles(UpscalerTraits traits, int width, int height, double factor, UpscaleTiling tiling)
    {
        ArgumentNullException.ThrowIfNull(traits);
        return UpscalePasses.Of(width, height, traits.Scale, factor).Sum(pass => Plan(traits, pass.Input, tiling).Count);
    }

    /// <summary>Tiles of all passes.</summary>
    public int TileCount { get; }

    /// <summary>Tiles whose answers were taken.</summary>
    public int TilesDone => plans.Take(pass).Sum(plan => plan.Count) + done;

    public bool IsDone => pass == passes.Count;

    /// <summary>Tiles of this pass that are not answered yet, in the order in which their answers are to come. None when the run is done.</summary>
    public IEnumerable<UpscaleTile> Wanted => IsDone ? [] : Enumerable.Range(done, plans[pass].Count - done).Select(At);

    /// <summary>Planes of a tile: 3, or 1 where picture and network are grey.</summary>
    public int Planes => traits.Channels == 1 ? picture.Channels : 3;

    /// <summary>Values of a tile that goes in.</summary>
    public int InputLength(UpscaleTile tile) => Planes * tile.Input.Width * tile.Input.Height;

    /// <summary>Values of its answer.</summary>
    public int OutputLength(UpscaleTile tile) => InputLength(tile) * traits.Scale * traits.Scale;

    /// <summary>The tile's pixels.</summary>
    /// <param name="values">Takes [Planes, h, w] in [0, 1].</param>
    public void Read(UpscaleTile tile, Span<float> values) => TileReader.Read(picture, tile.Input, values);

    /// <summary>Takes the answer for the first of <see cref="Wanted"/>.</summary>
    /// <param name="answer">[Planes, h · scale, w · scale], not clamped.</param>
    /// <exception cref="GraphException">It has values that are not finite; the run cannot go on.</exception>
    public void Accept(UpscaleTile tile, ReadOnlySpan<float> answer)
    {
        if (IsDone || (tile.Pass, tile.Index) != (pass, done)) throw new ArgumentException("The answer is not for the tile that is next.", nameof(tile));
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(answer))) throw new GraphException("the upscaler answered with values that are not finite");
        blender.Add(tile.Index, picture.Channels < Planes ? ToGrey(answer) : answer);
        if (++done < plans[pass].Count) return;
        picture = rows.ToPicture();
        done = 0;
        pass++;
        if (!IsDone) (rows, blender) = Begin();
    }

    /// <summary>The larger picture, with as many channels as the one that came.</summary>
    public Picture Result() => IsDone
        ? AlphaPlane.Join(picture, alpha is null ? null : Resampler.Resize(alpha, picture.Width, picture.Height))
        : throw new InvalidOperationException($"{TilesDone} of {TileCount} tiles are there.");

    private static TilePlan Plan(UpscalerTraits traits, (int Width, int Height) size, UpscaleTiling tiling)
    {
        TileAxis Axis(int length, int? window) => window is { } given
            ? TileAxis.Fixed(length, given, tiling.Overlap)
            : TileAxis.Even(length, tiling.Tile, tiling.Overlap, traits.Multiple);
        return new TilePlan(Axis(size.Width, traits.FixedWidth), Axis(size.Height, traits.FixedHeight));
    }

    private (PictureRows Rows, TileBlender Blender) Begin()
    {
        var (_, worked, output) = passes[pass];
        var result = new PictureRows(output.Width, output.Height, picture.Channels);
        IPixelRows target = worked == output ? result : new LanczosRows(worked, output, picture.Channels, result);
        return (result, new TileBlender(plans[pass], traits.Scale, picture.Channels, fade, target));
    }

    private UpscaleTile At(int index)
    {
        var tile = plans[pass][index];
        var (x, y, width, height) = tile.Share;
        int scale = traits.Scale;
        return new UpscaleTile(pass, index, tile.Window, new PixelRect(x * scale, y * scale, width * scale, height * scale));
    }

    /// <summary>A grey picture went in three times; the mean of what comes out is its answer.</summary>
    private ReadOnlySpan<float> ToGrey(ReadOnlySpan<float> answer)
    {
        int plane = answer.Length / 3;
        if (grey.Length != plane) grey = new float[plane];
        TensorPrimitives.Add(answer[..plane], answer.Slice(plane, plane), grey);
        TensorPrimitives.Add(grey, answer[(2 * plane)..], grey);
        TensorPrimitives.Multiply(grey, 1f / 3, grey);
        return grey;
    }
}
