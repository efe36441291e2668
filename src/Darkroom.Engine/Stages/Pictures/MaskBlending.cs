using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>Where what stands under a mask is put back while a picture is repainted.</summary>
internal enum MaskBlending
{
    /// <summary>Into the latents after every call, noised to the level of the next one: diffusers, for networks that see no mask.</summary>
    AfterCalls,

    /// <summary>Into the denoised prediction, and into the result: A1111 with k-diffusion's samplers.</summary>
    Prediction,

    /// <summary>Into what the network is shown, without noise, and into the result: A1111 with its samplers on timesteps.</summary>
    Input,

    /// <summary>Into what the network is shown, noised to its level, and into the denoised prediction: ComfyUI.</summary>
    InputAndPrediction,
}

/// <summary>Which of them a request follows.</summary>
internal static class MaskBlendings
{
    /// <summary>An outpainting has rules of its own, whatever the sampler.</summary>
    public static MaskBlending Of(GenerationRequest request) => request.Edit is { Extension: not null } ? MaskBlending.AfterCalls : request.Compatibility switch
    {
        Compatibility.A1111 => request.Sampler is { } name && SamplerCatalog.Find(name) is { KDiffusion: null } ? MaskBlending.Input : MaskBlending.Prediction,
        Compatibility.Comfyui => MaskBlending.InputAndPrediction,
        _ => MaskBlending.AfterCalls,
    };
}
