using System.Net;
using Darkroom.Engine;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Logging;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Webhooks;
using Darkroom.Storage.S3;

namespace Darkroom.Server.Configuration;

/// <summary>Everything under <c>Darkroom</c> in the settings; read once, right by then, never changed.</summary>
public sealed record DarkroomSettings
{
    /// <summary>Absolute folder of the models.</summary>
    public required string ModelsPath { get; init; }

    /// <summary>Absolute folder of what the server keeps.</summary>
    public required string DataPath { get; init; }

    /// <summary>Id of the model of requests that name none; null: <c>starter</c> where present, else the first.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What a shutdown leaves running work.</summary>
    public TimeSpan DrainTimeout { get; init; }

    public LogFormat LogFormat { get; init; }

    /// <summary>Whether browsers get a page at the root.</summary>
    public bool HasPlayground { get; init; } = true;

    /// <summary>Origins whose pages may use the server; <c>*</c> stands for all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Names that the server is called by, beside IP addresses and the loopback's: a name, <c>*.</c> and a name, or <c>*</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Proxies before the server: what they say of who sent a request is believed. None: nothing such is looked at.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Memory for finished pictures that can still be asked for, MiB.</summary>
    public int PictureMemoryMiB { get; init; }

    /// <summary>Memory for what callers send, as it arrives and until its job is finished, MiB.</summary>
    public int InputMemoryMiB { get; init; }

    /// <summary>How much work one request may ask for.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>Where jobs are kept, and pictures unless <see cref="Artifacts"/> says otherwise.</summary>
    public StoreKind Store { get; init; }

    /// <summary>Where pictures are kept.</summary>
    public ArtifactKind Artifacts { get; init; }

    /// <summary>The object store of pictures; null: none is named.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>Npgsql's words for the database of the jobs; null: there is none.</summary>
    internal string? Postgres { get; init; }

    /// <summary>What the process does of the server's work.</summary>
    public Role Role { get; init; }

    /// <summary>How long finished jobs and their pictures are kept, by a store that outlives the process.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Room for finished pictures on the disk, MiB; 0: what the disk has, but for what is left free.</summary>
    public int PictureDiskMiB { get; init; }

    /// <summary>Whether the server may be reached from other machines while it has no keys.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether a server that others reach, and that never had a key, makes one at its start and shows it.</summary>
    public bool FirstKey { get; init; }

    /// <summary>Who may be told of a job's end, and how that is signed.</summary>
    internal WebhookSettings Webhooks { get; init; } = WebhookSettings.Off;

    /// <summary>The surface that speaks OpenAI's API.</summary>
    internal OpenAiSettings OpenAi { get; init; } = OpenAiSettings.Usual;

    /// <summary>The one key of the settings, for generating and reading; null: none.</summary>
    internal ApiKey? ApiKey { get; init; }

    /// <summary>The key of the settings that reads <c>/metrics</c> and nothing else; null: none.</summary>
    internal ApiKey? MetricsKey { get; init; }

    /// <summary>Both keys of the settings, as far as there are any.</summary>
    internal IReadOnlyList<ApiKey> OwnKeys => [.. new[] { ApiKey, MetricsKey }.OfType<ApiKey>()];

    /// <summary>Whether clients of AUTOMATIC1111's web UI are answered.</summary>
    public bool HasAutomatic1111 { get; init; } = true;

    /// <summary>AUTOMATIC1111's file of styles; null: the one in the models path, where there is one.</summary>
    public string? StylesPath { get; init; }

    public required EngineOptions Engine { get; init; }
}
