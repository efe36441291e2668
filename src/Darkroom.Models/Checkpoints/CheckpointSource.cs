using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints;

/// <summary>A whole model in one file with the names of LDM (Stable Diffusion 1 and 2) or SGM (SDXL), which ComfyUI and A1111 use.</summary>
/// <param name="file">The file.</param>
/// <param name="kind">What it is.</param>
internal sealed class CheckpointSource(SafetensorsFile file, CheckpointKind kind) : IPartSource
{
    private const string Autoencoder = "first_stage_model.", Clip = "cond_stage_model.transformer.", OpenClip = "cond_stage_model.model.",
        FirstText = "conditioner.embedders.0.transformer.", SecondText = "conditioner.embedders.1.model.";

    public PartWeights? Find(string part, FaultList faults)
    {
        string name = Path.GetFileName(file.Path);
        string[] prefixes = part switch
        {
            "unet" => [CheckpointKind.Denoiser],
            "vae" => [Autoencoder],
            "text_encoder" => [FirstText, OpenClip, Clip],
            "text_encoder_2" => [SecondText],
            _ => [],
        };
        if (Array.Find(prefixes, prefix => file.Tensors.Keys.Any(tensor => tensor.StartsWith(prefix, StringComparison.Ordinal))) is not { } found)
        {
            if (prefixes.Length > 0) faults.Add(name, $"has no tensors of the {part} (names that begin with {string.Join(" or ", prefixes)})");
            return null;
        }
        IWeights weights = found switch
        {
            CheckpointKind.Denoiser => new UNetNames(file, found, kind.Levels.Layers),
            Autoencoder => new AutoencoderNames(file, found),
            OpenClip or SecondText => new OpenClipNames(file, found),
            _ => new ClipNames(file, found),
        };
        return new(weights, name, [file.Path], [.. file.Tensors.Values.Where(tensor => tensor.Name.StartsWith(found, StringComparison.Ordinal))]);
    }
}
