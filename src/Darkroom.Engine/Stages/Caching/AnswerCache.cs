using Darkroom.Diffusion.Caching;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Stages.Guidance;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages.Caching;

/// <summary>
/// What a row keeps of the denoiser's answers, and the calls that it leaves out by them. All lanes of a row are evaluated at a call or none is: what is kept
/// is the answer after guidance, as the clean latents that it stands for, which change less from call to call than noise or velocity do and do not carry
/// the fresh noise of stochastic samplers. Nothing but the row itself decides, so that its picture is the one that it would be alone.
/// </summary>
internal sealed class AnswerCache
{
    /// <summary>An answer that counts for less than this is not worked out from the clean latents: it would be divided by next to nothing.</summary>
    private const double MinShare = 1e-3;

    private readonly RowMemory row;
    private readonly ISampler sampler;
    private readonly EasyCache rule;
    private readonly float[] clean, answer;
    private readonly (Conditioning? Text, double Weight)[] read; // by each lane at the last call
    private (int FirstLane, bool IsGuided, int Controls) asked; // the same for all

    private AnswerCache(RowMemory row, ISampler sampler, int lanes, int calls)
    {
        (this.row, this.sampler) = (row, sampler);
        (clean, answer) = (new float[row.Shape.Length], new float[row.Shape.Length]);
        rule = new EasyCache(row.Pass.Cache!.Threshold, row.Shape.Length, calls);
        read = new (Conditioning?, double)[lanes];
    }

    /// <summary>Of a run; null where every call is to be made, or nobody knows how many there will be.</summary>
    public static AnswerCache? Of(RowMemory row, ISampler sampler, int begin, int lanes) =>
        row.Pass.Cache is { Threshold: > 0 } && sampler.Timesteps.Count - begin is > 2 and var calls ? new(row, sampler, lanes, calls) : null;

    /// <summary>The answer of the call at hand without the network; null: the call is to be made.</summary>
    /// <param name="call">The call.</param>
    /// <param name="lanes">With what they read at it.</param>
    public float[]? Find(in CallAtHand call, Lane[] lanes)
    {
        if (HasChanged(call, lanes)) rule.Forget();
        var (skip, share) = FactorsAt(call);
        if (!rule.CanSkip(call.State.Calls, call.Shown, call.Point.InputScale) || Math.Abs(share) < MinShare) return null;
        rule.Predict(clean, call.Point.Timestep);
        Latents.Combine(answer, 1 / share, clean, -skip / share, call.Shown);
        return answer;
    }

    /// <summary>Takes the answer of the call at hand, after guidance.</summary>
    public void Keep(in CallAtHand call, ReadOnlySpan<float> output)
    {
        var (skip, share) = FactorsAt(call);
        Latents.Combine(clean, skip, call.Shown, share, output);
        rule.Keep(clean, call.Point.Timestep);
    }

    /// <summary>Clean latents = skip · shown + share · output.</summary>
    private (double Skip, double Share) FactorsAt(in CallAtHand call)
    {
        var (skip, share) = sampler.DenoisedFrom(call.Point, call.State) ?? (0, 1);
        return (row.Model.Description.LatentsAreInputs ? skip * call.Point.InputScale : skip, share);
    }

    /// <summary>Whether the lanes read something else than at the call before, or others are evaluated.</summary>
    private bool HasChanged(in CallAtHand call, Lane[] lanes)
    {
        var now = (call.Guidance.FirstLane(call.Point.Step), call.Guidance.Guides(call.Point.Step), call.Controls);
        bool changed = now != asked;
        asked = now;
        for (int lane = now.Item1; lane < lanes.Length; lane++)
        {
            var text = (lanes[lane].Conditioning, lanes[lane].Weight);
            changed |= text != read[lane];
            read[lane] = text;
        }
        return changed;
    }
}

/// <summary>A call that a row comes to.</summary>
/// <param name="Point">Where the sampler is.</param>
/// <param name="State">The sampler's state.</param>
/// <param name="Shown">The latents that the network is shown, not yet scaled. // [C, h, w]</param>
/// <param name="Guidance">How the lanes' answers become one.</param>
/// <param name="Controls">Which ControlNets are asked, a bit for each.</param>
internal readonly record struct CallAtHand(EvaluationPoint Point, SamplerState State, float[] Shown, GuidanceRule Guidance, int Controls);
