using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>
/// Jobs in a SQLite database that one process at a time owns. What is answered is on the disk before; after a crash the queue goes on where it stood, and what
/// ran starts again from its seed.
/// </summary>
public sealed class SqliteJobStore : LiveJobStore, IDisposable
{
    /// <summary>The database, in the data folder.</summary>
    public const string FileName = "jobs.db";

    /// <summary>Finished jobs that stay in memory, so that who waited for one reads no disk.</summary>
    private const int KeptInMemory = 256;

    /// <summary>
    /// Versions that an epoch has room for. Steps move a job's version on without being written: what a process told before it died must lie below all that
    /// the next one tells, or a reader who comes back would miss it.
    /// </summary>
    private const long VersionsOfEpoch = 1 << 20;

    private readonly OwnerLock owner;
    private readonly JobArchive archive;
    private readonly UsageArchive usage;
    private readonly JobJournal journal;
    private readonly GroupCommit commits;
    private bool isClosed;

    private SqliteJobStore(LiveJobs live, JobArchive archive, UsageArchive usage, JobJournal journal, OwnerLock owner, TimeProvider time)
        : base(live, archive, time)
    {
        (this.archive, this.usage, this.journal, this.owner) = (archive, usage, journal, owner);
        var draft = new Draft(live, archive);
        draft.Restore();
        commits = new GroupCommit(live, draft, journal, Tell);
    }

    public override bool OutlivesProcess => true;

    /// <summary>Opens the jobs of a data folder; where there are none yet it makes a database.</summary>
    /// <param name="folder">The data folder; it is created where it is missing.</param>
    /// <param name="time">Stamps changes.</param>
    /// <exception cref="StoreException">Another process uses it, a newer version wrote it, it is damaged, or it cannot be written.</exception>
    public static SqliteJobStore Open(string folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(time);
        OwnerLock? owner = null;
        SqliteConnection? connection = null;
        JobArchive? archive = null;
        UsageArchive? usage = null;
        try
        {
            Directory.CreateDirectory(folder);
            owner = OwnerLock.Take(Path.Combine(folder, FileName + ".lock"));
            string path = Path.Combine(folder, FileName);
            connection = Connections.OpenWriter(path);
            var live = Load(connection);
            archive = new JobArchive(path);
            usage = new UsageArchive(path);
            return new SqliteJobStore(live, archive, usage, new JobJournal(connection), owner, time);
        }
        catch (Exception e)
        {
            usage?.Dispose();
            archive?.Dispose();
            connection?.Dispose();
            owner?.Dispose();
            throw e switch
            {
                SqliteException fault => Faults.Of(fault),
                IOException and not StoreException or UnauthorizedAccessException => OwnerLock.Unwritable(e),
                _ => e,
            };
        }
    }

    /// <summary>Writes what was asked for, and leaves the data folder to the next process. Jobs stay as they are: <see cref="IJobStore.LeaveAsync"/> is what
    /// gives them back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isClosed, true)) return;
        commits.Dispose();
        journal.Dispose();
        archive.Dispose();
        usage.Dispose();
        owner.Dispose();
    }

    private protected override IReadOnlyList<UsageEntry> UsageOf(UsageQuery query) => usage.Of(query);

    private protected override ValueTask<T> DecideAsync<T>(Func<Draft, T> decide) => new(commits.RunAsync(decide));

    /// <summary>Begins a new epoch, and reads the jobs that are not finished.</summary>
    private static LiveJobs Load(SqliteConnection connection)
    {
        if (connection.Scalar("PRAGMA quick_check(1)") is string finding && finding != "ok") throw Faults.Damaged(finding);
        Migrations.Run(connection);
        connection.Execute("UPDATE meta SET epoch = epoch + 1");
        long epoch = (long)connection.Scalar("SELECT epoch FROM meta")!;
        bool paused = (long)connection.Scalar("SELECT paused FROM meta")! != 0;
        long last = connection.Scalar("SELECT max(seq) FROM job") as long? ?? 0;
        using var command = connection.Statement($"SELECT {JobRow.Columns} FROM job WHERE finished_at IS NULL ORDER BY seq");
        using var rows = command.ExecuteReader();
        var records = new List<JobRecord>();
        while (rows.Read()) records.Add(Of(JobRow.Read(rows), epoch));
        var live = new LiveJobs(KeptInMemory);
        live.Load(records, paused, last);
        live.Outbox.Load(OutboxJournal.Read(connection));
        return live;
    }

    private static JobRecord Of(JobRecord record, long epoch) =>
        record with { Job = record.Job with { Version = Math.Max(record.Job.Version, epoch * VersionsOfEpoch) } };
}
