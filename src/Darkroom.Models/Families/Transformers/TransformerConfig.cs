using Darkroom.Models.Catalog;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families.Transformers;

/// <summary>What <c>transformer/config.json</c> says of a transformer that attends to picture and text together.</summary>
internal abstract record TransformerConfig : DenoiserConfig
{
    public const string Name = "transformer/config.json";

    /// <summary>Length of the vector for the whole text that it is given; null where the file does not say.</summary>
    public required int? PooledWidth { get; init; }

    /// <summary>Channels that come of a patch of two cells a side cost as a level of half the sides does.</summary>
    protected static DenoiserSize SizeOf(JsonFields fields) =>
        SizeOf(fields.Integer("num_attention_heads", 1, 1 << 10) ?? 24, fields.Integer("attention_head_dim", 1, 1 << 12) ?? 64);

    protected static DenoiserSize SizeOf(int heads, int width) => new(heads, Math.Max(1, heads * width / 4)) { AttentionLevel = 1, IsJoint = true };

    /// <summary>Adds a fault where a configuration says something else than a file's tensors: layers of the file would be left out, or missing.</summary>
    protected static void CheckFile<T>(JsonFields fields, string key, T stated, T found) where T : notnull
    {
        if (!stated.Equals(found)) fields.Fault(key, $"{stated}, but the file has {found}");
    }

    /// <summary>Adds a fault where the channels of the latents are not the transformer's.</summary>
    protected void CheckChannels(int latentChannels, FaultList faults)
    {
        Check("in_channels", InChannels);
        Check("out_channels", OutChannels);

        void Check(string key, int? channels)
        {
            if (channels is { } given && given != latentChannels)
                faults.Add(Name, $"{key}: {given} for each cell, but the latents have {latentChannels}");
        }
    }

    /// <summary>Adds a fault where a width is not that of what gives it.</summary>
    protected static void CheckWidth(string key, int? wanted, int? given, string giver, FaultList faults)
    {
        if (wanted is { } width && given is { } other && width != other) faults.Add(Name, $"{key}: {width}, but {giver} {other}");
    }
}
