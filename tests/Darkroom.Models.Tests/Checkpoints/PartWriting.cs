using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.Flux;
using Darkroom.Models.Families.StableDiffusion3;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.T5;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>Writes the parts of a file of weights, and says which of its tensors were asked for.</summary>
internal static class PartWriting
{
    /// <summary>What is wrong with the weights of a part, once its graph was written for them; null where nothing is.</summary>
    public static string? FaultsOf(string file, string part) => Write(ModelPlace.At(file), part, []);

    /// <summary>Every weight that the networks need is there, and every tensor of the file is one of them.</summary>
    /// <param name="unused">How names begin of tensors that published files have and pictures do not need.</param>
    public static void AssertAllFound(string file, IEnumerable<string> parts, params string[] unused)
    {
        var (place, found) = (ModelPlace.At(file), new HashSet<string>());
        foreach (string part in parts) Assert.Null(Write(place, part, found));
        Assert.DoesNotContain(SafetensorsFile.Read(file).Tensors.Keys,
            name => !found.Contains(name) && !Array.Exists(unused, start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    private static string? Write(ModelPlace place, string part, HashSet<string> found)
    {
        var faults = new FaultList();
        var weights = place.Source.Find(part.StartsWith("vae", StringComparison.Ordinal) ? "vae" : part, faults)!;
        var network = new NetworkWriter(GraphTarget.Cpu, new Watched(weights.Weights, found), faults, weights.Name);
        var graph = part switch
        {
            "unet" => UNet.Write(UNetConfig.ShapeOf(place, faults)!, network),
            "transformer" when place.Kind!.Flux is not null => FluxTransformer.Write(FluxConfig.ShapeOf(place, faults)!, network),
            "transformer" => StableDiffusion3Transformer.Write(StableDiffusion3Config.ShapeOf(place, faults)!, network),
            "vae_encoder" => Autoencoder.WriteEncoder(AutoencoderShapeFile.Read(place.Root, faults)!, network),
            "vae_decoder" => Autoencoder.WriteDecoder(AutoencoderShapeFile.Read(place.Root, faults)!, network),
            _ when weights.Tensors.Any(tensor => tensor.Name.Contains("t5xxl", StringComparison.Ordinal)) =>
                T5Encoder.Write(T5ShapeFile.Read(place.Root, part, faults)!, network, part),
            _ => ClipTextEncoder.Write(ClipTextShapeFile.Read(place.Root, part, faults)! with
            {
                ProjectsNothing = part == "text_encoder" && !network.Has(ClipTextEncoder.Projection),
            }, network, EarlierLayers.AsTheyAre, part),
        };
        Assert.Equal(faults.Any, graph is null);
        return faults.ToString();
    }

    private sealed class Watched(IWeights weights, HashSet<string> found) : IWeights
    {
        public StoredTensor? Find(string name)
        {
            var tensor = weights.Find(name);
            if (tensor is not null) found.Add(tensor.Name);
            return tensor;
        }
    }
}
