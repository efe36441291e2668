namespace Darkroom.Server.Configuration;

/// <summary>What a command line says, before the settings are read.</summary>
internal sealed record ServerOptions
{
    /// <summary>Values that win over files and environment, by full key; paths in them are absolute already.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();

    /// <summary>The folder of the settings.</summary>
    public string Home { get; init; } = Configuration.Home.Find();

    /// <summary>Whether a person reads the output.</summary>
    public bool Interactive { get; init; }

    /// <summary>Adds what runs behind the interfaces: engine, models, stores.</summary>
    public Action<IServiceCollection, DarkroomSettings> Rooms { get; init; } = static (_, _) => { };
}
