BEGIN EXCLUSIVE;

CREATE TABLE "BillingGroups" (
    "BillingGroupName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "BillingGroupId" TEXT NULL,
    "Ordinal" INTEGER NOT NULL,
    "Description" TEXT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    CONSTRAINT "PK_BillingGroups" PRIMARY KEY ("BillingGroupName", "Account", "Region")
);


CREATE TABLE "Clock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Clock" PRIMARY KEY,
    "OffsetMilliseconds" INTEGER NOT NULL,
    "FrozenAt" INTEGER NULL
);


CREATE TABLE "DeletedThings" (
    "Ordinal" INTEGER NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "ThingName" TEXT NOT NULL,
    CONSTRAINT "PK_DeletedThings" PRIMARY KEY ("Ordinal", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "EventConfigurations" (
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Enabled" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "LastModifiedAt" INTEGER NOT NULL,
    CONSTRAINT "PK_EventConfigurations" PRIMARY KEY ("Account", "Region")
);


CREATE TABLE "JobDocuments" (
    "JobId" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Text" TEXT NOT NULL,
    CONSTRAINT "PK_JobDocuments" PRIMARY KEY ("JobId", "Account", "Region")
);


CREATE TABLE "JobExecutions" (
    "JobId" TEXT NOT NULL,
    "ThingName" TEXT NOT NULL,
    "ExecutionNumber" INTEGER NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "NamespaceId" TEXT NULL,
    "Status" TEXT NOT NULL,
    "StatusDetails" TEXT NULL,
    "QueuedAt" INTEGER NOT NULL,
    "StartedAt" INTEGER NULL,
    "LastUpdatedAt" INTEGER NOT NULL,
    "VersionNumber" INTEGER NOT NULL,
    "RetryAttempt" INTEGER NOT NULL,
    "RetriesOfTimeouts" INTEGER NOT NULL,
    "ForceCanceled" INTEGER NOT NULL,
    "IsHidden" INTEGER NOT NULL,
    "InProgressTimesOutAt" INTEGER NULL,
    "StepTimesOutAt" INTEGER NULL,
    CONSTRAINT "PK_JobExecutions" PRIMARY KEY ("Ordinal", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "JobTemplates" (
    "JobTemplateId" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "Description" TEXT NOT NULL,
    "DocumentSource" TEXT NULL,
    "Document" TEXT NULL,
    "PresignedUrlConfig" TEXT NULL,
    "RolloutConfig" TEXT NULL,
    "AbortConfig" TEXT NULL,
    "TimeoutConfig" TEXT NULL,
    "RetryConfig" TEXT NULL,
    "MaintenanceWindows" TEXT NULL,
    "DestinationPackageVersions" TEXT NULL,
    "CreatedAt" INTEGER NOT NULL,
    CONSTRAINT "PK_JobTemplates" PRIMARY KEY ("JobTemplateId", "Account", "Region")
);


CREATE TABLE "Jobs" (
    "JobId" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "TargetSelection" TEXT NOT NULL,
    "Status" TEXT NOT NULL,
    "Targets" TEXT NOT NULL,
    "Description" TEXT NULL,
    "DocumentSource" TEXT NULL,
    "NamespaceId" TEXT NULL,
    "JobTemplateArn" TEXT NULL,
    "PresignedUrlConfig" TEXT NULL,
    "RolloutConfig" TEXT NULL,
    "AbortConfig" TEXT NULL,
    "TimeoutConfig" TEXT NULL,
    "RetryConfig" TEXT NULL,
    "SchedulingConfig" TEXT NULL,
    "DocumentParameters" TEXT NULL,
    "DestinationPackageVersions" TEXT NULL,
    "Comment" TEXT NULL,
    "ReasonCode" TEXT NULL,
    "ForceCanceled" INTEGER NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "LastUpdatedAt" INTEGER NOT NULL,
    "CompletedAt" INTEGER NULL,
    "DeletionEndsAt" INTEGER NULL,
    "Counts" TEXT NOT NULL,
    "HiddenCount" INTEGER NOT NULL,
    "ExpandingCount" INTEGER NOT NULL,
    "WaitingCount" INTEGER NOT NULL,
    "HasRolloutBegun" INTEGER NOT NULL,
    "RolloutAllowance" INTEGER NOT NULL,
    "RolloutDueAt" INTEGER NULL,
    "StartsAt" INTEGER NULL,
    "EndsAt" INTEGER NULL,
    "EndedAt" INTEGER NULL,
    "WindowDueAt" INTEGER NULL,
    CONSTRAINT "PK_Jobs" PRIMARY KEY ("JobId", "Account", "Region")
);


CREATE TABLE "Memberships" (
    "ThingGroupId" TEXT NOT NULL,
    "ThingName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    CONSTRAINT "PK_Memberships" PRIMARY KEY ("ThingGroupId", "ThingName", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "MqttSessions" (
    "ClientId" TEXT NOT NULL,
    "Tenant" TEXT NOT NULL,
    "ExpiryMilliseconds" INTEGER NOT NULL,
    "ExpiresAt" INTEGER NULL,
    CONSTRAINT "PK_MqttSessions" PRIMARY KEY ("ClientId", "Tenant")
);


CREATE TABLE "MqttSubscriptions" (
    "ClientId" TEXT NOT NULL,
    "Tenant" TEXT NOT NULL,
    "Filter" TEXT NOT NULL,
    "Qos" INTEGER NOT NULL,
    "NoLocal" INTEGER NOT NULL,
    "RetainAsPublished" INTEGER NOT NULL,
    "RetainHandling" INTEGER NOT NULL,
    CONSTRAINT "PK_MqttSubscriptions" PRIMARY KEY ("ClientId", "Tenant", "Filter")
) WITHOUT ROWID;


CREATE TABLE "PrincipalAttachments" (
    "ThingName" TEXT NOT NULL,
    "Principal" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Type" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    CONSTRAINT "PK_PrincipalAttachments" PRIMARY KEY ("ThingName", "Principal", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "QueuedMessages" (
    "ClientId" TEXT NOT NULL,
    "Tenant" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "PacketId" INTEGER NULL,
    "Retain" INTEGER NOT NULL,
    "Message" TEXT NOT NULL,
    CONSTRAINT "PK_QueuedMessages" PRIMARY KEY ("ClientId", "Tenant", "Number")
);


CREATE TABLE "ResourceTags" (
    "ResourceArn" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Tags" TEXT NOT NULL,
    CONSTRAINT "PK_ResourceTags" PRIMARY KEY ("ResourceArn", "Account", "Region")
);


CREATE TABLE "RetainedMessages" (
    "Topic" TEXT NOT NULL,
    "Tenant" TEXT NOT NULL,
    "Message" TEXT NOT NULL,
    CONSTRAINT "PK_RetainedMessages" PRIMARY KEY ("Topic", "Tenant")
);


CREATE TABLE "SimulatedDevices" (
    "ThingName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "SimulatorOrdinal" INTEGER NOT NULL,
    "ActsAt" INTEGER NULL,
    "JobId" TEXT NULL,
    "ExecutionNumber" INTEGER NOT NULL,
    "VersionNumber" INTEGER NOT NULL,
    "TakenAt" INTEGER NULL,
    "Reports" INTEGER NOT NULL,
    "Refusals" INTEGER NOT NULL,
    CONSTRAINT "PK_SimulatedDevices" PRIMARY KEY ("Ordinal", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "Simulators" (
    "Ordinal" INTEGER NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Things" TEXT NOT NULL,
    "NamespaceId" TEXT NULL,
    "Behavior" TEXT NOT NULL,
    "SearchedThrough" TEXT NULL,
    "IsDeleted" INTEGER NOT NULL,
    CONSTRAINT "PK_Simulators" PRIMARY KEY ("Ordinal", "Account", "Region")
);


CREATE TABLE "TargetExpansions" (
    "Ordinal" INTEGER NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "JobId" TEXT NOT NULL,
    "ThingGroupId" TEXT NOT NULL,
    "TargetIndex" INTEGER NOT NULL,
    "CutoffOrdinal" INTEGER NOT NULL,
    "LastMembershipOrdinal" INTEGER NULL,
    "IsUnpaced" INTEGER NOT NULL,
    CONSTRAINT "PK_TargetExpansions" PRIMARY KEY ("Ordinal", "Account", "Region")
) WITHOUT ROWID;


CREATE TABLE "ThingGroups" (
    "ThingGroupId" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "ThingGroupName" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "ParentGroupId" TEXT NULL,
    "Path" TEXT NOT NULL,
    "Description" TEXT NULL,
    "Attributes" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "IsDeleted" INTEGER NOT NULL,
    "QueryString" TEXT NULL,
    "IsQueryUpdated" INTEGER NOT NULL,
    "LastEvaluatedThingName" TEXT NULL,
    CONSTRAINT "PK_ThingGroups" PRIMARY KEY ("ThingGroupId", "Account", "Region")
);


CREATE TABLE "ThingTypes" (
    "ThingTypeName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "ThingTypeId" TEXT NULL,
    "Ordinal" INTEGER NOT NULL,
    "Properties" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "DeprecatedAt" INTEGER NULL,
    CONSTRAINT "PK_ThingTypes" PRIMARY KEY ("ThingTypeName", "Account", "Region")
);


CREATE TABLE "Things" (
    "ThingName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "ThingId" TEXT NULL,
    "Ordinal" INTEGER NOT NULL,
    "ThingTypeName" TEXT NULL,
    "BillingGroupName" TEXT NULL,
    "Attributes" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    CONSTRAINT "PK_Things" PRIMARY KEY ("ThingName", "Account", "Region")
);


CREATE TABLE "WaitingTargets" (
    "JobId" TEXT NOT NULL,
    "ThingName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "TargetIndex" INTEGER NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "RetryAttempt" INTEGER NOT NULL,
    "RetriesOfTimeouts" INTEGER NOT NULL,
    CONSTRAINT "PK_WaitingTargets" PRIMARY KEY ("Ordinal", "Account", "Region")
) WITHOUT ROWID;

PRAGMA application_id = 1232032842;
PRAGMA user_version = 1652971889;
COMMIT;
